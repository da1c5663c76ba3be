package io.vitals.sandbox.member;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * One sleep or nap with its stages; in bed = awake + no data + light + deep + REM.
 *
 * @param efficiency share of the time in bed spent asleep, 0–1
 */
public record SleepSpan(
        Instant start,
        Instant end,
        ZoneOffset offset,
        boolean nap,
        Duration awake,
        Duration noData,
        Duration light,
        Duration deep,
        Duration rem,
        int interruptions,
        double efficiency) {
    public Duration inBed() {
        return Duration.between(start, end);
    }

    public Duration asleep() {
        return light.plus(deep).plus(rem);
    }
}
