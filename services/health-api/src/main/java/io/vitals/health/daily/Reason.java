package io.vitals.health.daily;

import java.util.Locale;

/** Why there is no value. Null is not 0, so it always says why; the most telling reason of the asked sources wins. */
enum Reason {
    /** No source that could bring it is connected. */
    NOT_CONNECTED,
    /** The source has no record for this day. */
    NO_RECORD,
    /** The record was there and its source took it back. */
    DELETED,
    /** The record is there but does not hold this measurement (an older strap, an unknown unit). */
    NOT_MEASURED,
    /** The source says that it cannot score the record. */
    UNSCORABLE,
    /** The record is there, its score is not yet. */
    PENDING_SCORE;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
