package io.vitals.sandbox.whoop;

import java.util.UUID;

/** Hears how every webhook fares, as its sender sees it. The sending threads call it, several at once. */
public interface DeliveryRecorder {
    /** Forgets everything. */
    DeliveryRecorder NONE = new DeliveryRecorder() {
        @Override
        public void sending(UUID trace) {}

        @Override
        public void attempted(UUID trace, Outcome outcome) {}

        @Override
        public void gaveUp(UUID trace) {}
    };

    /** What the sender knows after an attempt. */
    enum Outcome {
        /** Answered with 2xx: the receiver has taken the event over. */
        ACCEPTED,
        /** Answered otherwise. */
        REFUSED,
        /** There was no connection, so nothing was sent. */
        NOT_SENT,
        /** Sent, and no answer came: the receiver may have it or not. */
        UNKNOWN
    }

    /** Once for every copy and target, before the first attempt. */
    void sending(UUID trace);

    void attempted(UUID trace, Outcome outcome);

    /** After the last retry. */
    void gaveUp(UUID trace);
}
