package io.vitals.whoop.link;

import java.util.Locale;

/** State of a member's link. */
public enum LinkState {
    /** Never linked. */
    NONE,
    ACTIVE,
    /** A refresh is under way; the old access token may still work. */
    REFRESHING,
    /** Refreshes fail for reasons that may pass; they are tried again. */
    REFRESH_FAILING,
    /** WHOOP no longer takes our tokens: the member must connect again. */
    REAUTH_REQUIRED,
    REVOKED;

    static LinkState of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** Whether there are tokens to work with. */
    public boolean usable() {
        return this == ACTIVE || this == REFRESHING || this == REFRESH_FAILING;
    }
}
