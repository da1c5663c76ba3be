package io.vitals.health.daily;

import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;

/**
 * All that a day's record is made of. The same inputs always give the same record.
 *
 * @param whoop null when WHOOP has nothing of the day
 * @param asOf when the record is made; decides only whether the day is over
 */
record DayInputs(
        LocalDate date,
        @Nullable WhoopDay whoop,
        SahhaDay sahha,
        Connection whoopConnection,
        Connection sahhaConnection,
        Instant asOf) {

    /** Whether a source brings data now, and whether it has been silent too long. */
    record Connection(boolean connected, boolean stale) {
        static final Connection NONE = new Connection(false, false);
        static final Connection FRESH = new Connection(true, false);
        static final Connection STALE = new Connection(true, true);
    }

    /** Connected, or was: its rows of this day are still ours. */
    boolean connected(Source source) {
        return switch (source) {
            case WHOOP -> whoopConnection.connected() || hasWhoop();
            case SAHHA -> sahhaConnection.connected() || !sahha.isEmpty();
        };
    }

    boolean stale(Source source) {
        return switch (source) {
            case WHOOP -> whoopConnection.stale();
            case SAHHA -> sahhaConnection.stale();
        };
    }

    /** Whether nothing at all is known of the day. */
    boolean isEmpty() {
        return !hasWhoop() && sahha.isEmpty();
    }

    /** The version of the WHOOP day; 0 without one. */
    long whoopVersion() {
        WhoopDay day = whoop;
        return day == null ? 0 : day.version();
    }

    boolean hasWhoop() {
        WhoopDay day = whoop;
        return day != null
                && (day.cycle() != null
                        || day.recovery() != null
                        || !day.sleeps().isEmpty()
                        || !day.workouts().isEmpty());
    }
}
