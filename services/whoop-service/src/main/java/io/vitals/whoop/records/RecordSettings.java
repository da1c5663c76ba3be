package io.vitals.whoop.records;

import java.time.Duration;

/**
 * How records are kept.
 *
 * @param rawRetention how long a document is kept as WHOOP sent it; what was read from it stays
 */
public record RecordSettings(Duration rawRetention) {
    public RecordSettings {
        // A fault in the mapping may be noticed only weeks later, and what has no document cannot be read again.
        if (rawRetention.compareTo(Duration.ofDays(31)) < 0) {
            throw new IllegalArgumentException("raw-retention is under 31 days");
        }
    }
}
