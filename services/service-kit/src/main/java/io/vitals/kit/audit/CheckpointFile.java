package io.vitals.kit.audit;

import io.vitals.kit.crypto.Digests;
import io.vitals.kit.json.Json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;

/** A file of checkpoints, one JSON document a line, each on disk before the next is made. */
final class CheckpointFile implements AutoCloseable {
    static final String SUFFIX = ".checkpoints.jsonl";

    private final FileChannel channel;
    private String last = "";

    private CheckpointFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Begins the file of this run of the process; one that is there already belongs to somebody else. */
    static CheckpointFile create(Path directory, String service, String run) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(service + "-" + run + SUFFIX);
        return new CheckpointFile(FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Digest of the last line; empty before the first. */
    String last() {
        return last;
    }

    void append(Checkpoint checkpoint) throws IOException {
        byte[] document = Json.write(checkpoint);
        byte[] line = Arrays.copyOf(document, document.length + 1);
        line[document.length] = '\n';
        long start = channel.position();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            // Half a line must not stand before the next try.
            channel.truncate(start).position(start);
            throw e;
        }
        last = digest(document);
    }

    static String digest(byte[] line) {
        return HexFormat.of().formatHex(Digests.sha256(line));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
