package io.vitals.health.daily;

import java.util.Locale;

/** What a reader should know before trusting a value. */
enum Flag {
    /** WHOOP is still learning this member's baseline. */
    CALIBRATING,
    /** The cycle is still running; the value will grow. */
    PROVISIONAL,
    /** The cycle spans several days, so the value is not this date's alone. */
    PARTIAL;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
