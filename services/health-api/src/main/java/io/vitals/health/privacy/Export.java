package io.vitals.health.privacy;

import io.vitals.kit.json.Json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Everything we hold about a member as one JSON document, written as it is read: memory use does not grow with the
 * member's history. A section that cannot be read ends with a marker in {@code incomplete}, so a cut answer is never
 * taken for a whole one.
 */
public final class Export {
    private final List<Section> sections;
    private final Clock clock;

    public Export(List<Section> sections, Clock clock) {
        this.sections = List.copyOf(sections);
        this.clock = clock;
    }

    /** One array of the document. */
    public record Section(String name, Rows rows) {}

    /** Gives each element of a section as written JSON. */
    @FunctionalInterface
    public interface Rows {
        void each(UUID member, Consumer<byte[]> row);
    }

    /** Writes the document; the stream stays open. */
    public void write(UUID member, OutputStream out) throws IOException {
        Map<String, Boolean> incomplete = new LinkedHashMap<>();
        text(out, "{\"member\":\"" + member + "\",\"exported_at\":\"" + clock.instant() + "\"");
        for (Section section : sections) {
            text(out, ",\n\"" + section.name() + "\":[");
            if (!rows(section, member, out)) {
                incomplete.put(section.name(), true);
            }
            text(out, "]");
        }
        text(out, ",\n\"incomplete\":");
        out.write(Json.write(incomplete.keySet()));
        text(out, "}\n");
    }

    private static boolean rows(Section section, UUID member, OutputStream out) throws IOException {
        boolean[] first = {true};
        try {
            section.rows().each(member, row -> {
                try {
                    text(out, first[0] ? "\n" : ",\n");
                    out.write(row);
                    first[0] = false;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            return true;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
