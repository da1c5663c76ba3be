package io.vitals.kit.state;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What an export consists of. It is signed, and vouches for the files.
 *
 * @param format of the files and of this
 * @param export names the export
 * @param release that wrote it
 * @param schema version of the newest migration of the store it is from
 * @param key data key of the files, sealed by the keyset
 * @param sequences where those stand, by name
 */
@JsonNaming(SnakeCaseStrategy.class)
record Manifest(
        int format,
        String service,
        UUID export,
        Instant createdAt,
        String release,
        String schema,
        byte[] key,
        List<Entry> files,
        Map<String, Counter> sequences) {
    static final int FORMAT = 1;

    /**
     * A table's file.
     *
     * @param rows how many lines it has
     * @param sha256 of the lines
     * @param sealedSha256 of the file as it lies there
     */
    @JsonNaming(SnakeCaseStrategy.class)
    record Entry(String table, List<String> columns, long rows, String sha256, String sealedSha256) {
        String file() {
            return table + ".ndjson.sealed";
        }
    }

    /**
     * Where a sequence stands.
     *
     * @param called whether the value was given out
     */
    record Counter(long value, boolean called) {}

    Manifest {
        key = key.clone();
        files = List.copyOf(files);
        // In order, as equal manifests are to be equal bytes.
        sequences = Collections.unmodifiableMap(new TreeMap<>(sequences));
    }

    @Override
    public byte[] key() {
        return key.clone();
    }

    long rows() {
        return files.stream().mapToLong(Entry::rows).sum();
    }
}
