package io.vitals.whoop.sync;

import io.vitals.whoop.quota.Lane;

import java.util.Locale;

/** Why a window is walked. */
enum Trigger {
    /** A fresh link's first days: somebody looks at the page, so history of others must not use their share up. */
    BACKFILL(Lane.POLL),
    POLL(Lane.POLL),
    WEBHOOK(Lane.WEBHOOK),
    MEMBER(Lane.MEMBER),
    HISTORY(Lane.BACKFILL),
    RECONCILE(Lane.POLL),
    GAP(Lane.BACKFILL);

    private final Lane lane;

    Trigger(Lane lane) {
        this.lane = lane;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Trigger of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    Lane lane() {
        return lane;
    }
}
