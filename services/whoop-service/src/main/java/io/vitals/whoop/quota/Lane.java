package io.vitals.whoop.quota;

/** What a request is for. A lane may use only its share of the budget, so that the more urgent ones always find some left. */
public enum Lane {
    /** Something happened and somebody may be looking. */
    WEBHOOK(1.0),
    /** A member waits: linking, disconnecting, a refresh asked for by hand. */
    MEMBER(1.0),
    /** Regular looking. */
    POLL(0.85),
    /** History. */
    BACKFILL(0.70);

    private final double share;

    Lane(double share) {
        this.share = share;
    }

    double share() {
        return share;
    }
}
