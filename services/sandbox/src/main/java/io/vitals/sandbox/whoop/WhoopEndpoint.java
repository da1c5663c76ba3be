package io.vitals.sandbox.whoop;

import java.util.EnumSet;
import java.util.Set;

/** The kinds of calls that faults and counters tell apart. */
public enum WhoopEndpoint {
    TOKEN,
    CYCLE,
    RECOVERY,
    SLEEP,
    WORKOUT,
    PROFILE,
    BODY,
    ACCESS;

    /** Every endpoint that needs a bearer token. */
    public static Set<WhoopEndpoint> api() {
        return EnumSet.complementOf(EnumSet.of(TOKEN));
    }

    public static Set<WhoopEndpoint> all() {
        return EnumSet.allOf(WhoopEndpoint.class);
    }
}
