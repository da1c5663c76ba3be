package io.vitals.health.sahha;

import java.time.Instant;

/** An exercise session that Sahha read from the phone. It may be the very workout that WHOOP wrote there. */
public record SahhaSession(
        String id, String sport, Instant start, Instant end, String timezoneOffset, Instant fetchedAt) {}
