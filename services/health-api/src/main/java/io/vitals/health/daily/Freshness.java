package io.vitals.health.daily;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What served days hold of each source, without opening them.
 *
 * @param whoop days with a value of WHOOP's
 * @param sahha days with a value of Sahha's
 * @param whoopAt when the newest of them reached us, of the days that may still change; null when there is none
 * @param sahhaAt the same for Sahha
 */
public record Freshness(
        int whoop,
        int sahha,
        @Nullable Instant whoopAt,
        @Nullable Instant sahhaAt) {
    static final Freshness NOTHING = new Freshness(0, 0, null, null);
}
