package io.vitals.whoop.quota;

import java.time.Duration;

/**
 * What a request is for. A lane may go on only while the whole use is below its share, so what lies above it is a reserve that no less urgent
 * lane can touch, in the minute and in the day.
 */
public enum Lane {
    /** Something happened and somebody may be looking. */
    WEBHOOK(1.0, Duration.ofSeconds(1)),
    /** A member waits: linking, disconnecting, a refresh asked for by hand. */
    MEMBER(0.95, Duration.ofSeconds(1)),
    /** Regular looking. */
    POLL(0.85, Duration.ofSeconds(10)),
    /** History. */
    BACKFILL(0.70, Duration.ofSeconds(20));

    private final double share;
    private final Duration spread;

    Lane(double share, Duration spread) {
        this.share = share;
        this.spread = spread;
    }

    double share() {
        return share;
    }

    /** Over how long those who were turned away come back. Thousands wait in the lower lanes, and each look of theirs is work. */
    Duration spread() {
        return spread;
    }
}
