package io.vitals.health.daily;

import java.util.Locale;

/** What became of asking one source at once. */
public enum RefreshOutcome {
    /** What the source has now is in the record. */
    REFRESHED,
    /** The member has not connected it. */
    NOT_CONNECTED,
    /** The link needs the member to sign in again. */
    REAUTH_REQUIRED,
    /** WHOOP may not be asked more often for now. */
    QUOTA,
    /** No end within the time given; what comes later is merged in the background. */
    SLOW,
    /** No usable answer. */
    DOWN;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RefreshOutcome of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }

    /** Whether the source should have brought something and did not. */
    boolean failed() {
        return this != REFRESHED && this != NOT_CONNECTED;
    }
}
