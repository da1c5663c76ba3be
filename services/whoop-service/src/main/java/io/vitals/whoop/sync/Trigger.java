package io.vitals.whoop.sync;

import io.vitals.whoop.quota.Lane;

/** Why a window is walked. */
enum Trigger {
    BACKFILL(Lane.BACKFILL),
    POLL(Lane.POLL),
    WEBHOOK(Lane.WEBHOOK),
    MEMBER(Lane.MEMBER);

    private final Lane lane;

    Trigger(Lane lane) {
        this.lane = lane;
    }

    Lane lane() {
        return lane;
    }
}
