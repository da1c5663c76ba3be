package io.vitals.loadtest.profile;

import java.util.Arrays;
import java.util.Locale;

/** A kind of request that has limits of its own. */
public enum Request {
    /** A member's days of a week, by API key. */
    READ_DAYS,
    OVERVIEW,
    /** A day asked of Sahha and WHOOP now, both well. */
    REFRESH,
    /** The same while WHOOP does not answer. */
    FALLBACK,
    /** What a member's browser sends to connect WHOOP, and to disconnect it. */
    CONNECT,
    CONNECTION_STATUS,
    WEBHOOK;

    /** As files and tables call it. */
    public String named() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one that is called so. */
    public static Request of(String name) {
        return Arrays.stream(values())
                .filter(request -> request.named().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no such request"));
    }
}
