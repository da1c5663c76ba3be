package io.vitals.sandbox.sahha;

import java.time.Duration;

/** How the simulator misbehaves until it is told otherwise. */
public sealed interface SahhaFault {
    /** It answers as documented. */
    record None() implements SahhaFault {}

    /** Nobody listens: connections are refused. */
    record Down() implements SahhaFault {}

    /** Every request gets this status, 500–599 or 429. */
    record Status(int status) implements SahhaFault {}

    /** Every answer comes late. */
    record Slow(Duration delay) implements SahhaFault {}

    /** Answers end in the middle of the body. */
    record Cut() implements SahhaFault {}

    /** Answers have status 200 and a body that is no JSON. */
    record WrongJson() implements SahhaFault {}
}
