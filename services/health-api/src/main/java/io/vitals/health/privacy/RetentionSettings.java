package io.vitals.health.privacy;

import java.time.Duration;

/**
 * How long each class of data is kept. What a member still needs of it is kept until it is erased or this time is over.
 *
 * @param dailyRecords merged days and what they were merged from
 * @param sahhaDocuments the documents as Sahha sent them; their values stay
 * @param inbox events that are done or dead
 */
public record RetentionSettings(Duration dailyRecords, Duration sahhaDocuments, Duration inbox) {
    private static final Duration LEAST = Duration.ofDays(1);

    public RetentionSettings {
        least("retention.daily-records", dailyRecords);
        least("retention.sahha-documents", sahhaDocuments);
        least("retention.inbox", inbox);
    }

    private static void least(String key, Duration time) {
        if (time.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException(key + " is less than a day");
        }
    }
}
