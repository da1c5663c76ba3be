package io.vitals.whoop.quota;

import java.time.Duration;

/** Whether a request may be made now. */
public sealed interface Grant {
    /** It may, and is already counted. */
    record Granted() implements Grant {}

    /** It may not; come back after the wait. Nobody sleeps for it: the work is rescheduled. */
    record Denied(Duration pause) implements Grant {}
}
