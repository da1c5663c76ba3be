package io.vitals.kit.personal;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The ledger of erasures outside the database: one line each, on disk before anything is removed. A backup from before an
 * erasure does not know of it; this file does.
 */
public final class ErasureLedger {
    static final String SUFFIX = ".erasures.jsonl";

    private ErasureLedger() {}

    /** One erasure. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Line(UUID erasure, UUID member, Instant requestedAt) {}

    /** Adds a line to the file of this replica; it is on disk when this returns. */
    public static void append(Path directory, String replica, Line line) throws IOException {
        Files.createDirectories(directory);
        byte[] document = Json.write(line);
        byte[] bytes = Arrays.copyOf(document, document.length + 1);
        bytes[document.length] = '\n';
        try (FileChannel channel = FileChannel.open(
                directory.resolve("health-api-" + replica + SUFFIX),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    /** The ledger files of a directory, or the one file that is named. */
    public static List<Path> files(Path ledger) throws IOException {
        if (!Files.isDirectory(ledger)) {
            return List.of(ledger);
        }
        try (Stream<Path> all = Files.list(ledger)) {
            return all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    /**
     * Reads a ledger file.
     *
     * @throws IOException also for a line that is none of a ledger, named by its number; the last one may have been cut off
     */
    public static List<Line> read(Path file) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                number++;
                try {
                    lines.add(Json.read(text.getBytes(StandardCharsets.UTF_8), Line.class));
                } catch (MalformedJsonException e) {
                    if (reader.readLine() != null) {
                        throw new IOException("line " + number + " of the ledger cannot be read");
                    }
                }
            }
        }
        return lines;
    }
}
