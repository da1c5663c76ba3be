package io.vitals.sandbox.whoop;

import java.time.Duration;

/** A way for the simulated WHOOP to misbehave. */
public sealed interface WhoopFault {
    /** The call is refused before it does anything: 429 with an exhausted quota, 500, 503 … */
    record Refuse(int status) implements WhoopFault {}

    /** The answer is right but late. */
    record Slow(Duration by) implements WhoopFault {}

    /** The call takes effect, then the connection breaks in the middle of the answer. */
    record CutBody() implements WhoopFault {}

    /** The answer is no JSON. */
    record BrokenJson() implements WhoopFault {}

    /** The status is right, the answer empty. */
    record EmptyBody() implements WhoopFault {}

    /** The call is sent elsewhere, to a place that answers as well. */
    record Redirect() implements WhoopFault {}

    /** The answer is JSON with other types than documented. */
    record WrongShape() implements WhoopFault {}
}
