package io.vitals.health.daily;

import java.time.Duration;

/**
 * How long a refresh may take.
 *
 * @param whole from beginning to end, waiting for another caller's refresh included
 * @param sahha asked first
 * @param whoop asked second
 * @param answer by when WHOOP is waited for at the latest, so that one who never answers keeps nobody much longer
 * @param least what WHOOP gets even if Sahha took its whole time
 */
public record RefreshBudget(Duration whole, Duration sahha, Duration whoop, Duration answer, Duration least) {
    /** Sahha 2.5 s, WHOOP 1.5 s, and without WHOOP an answer in less than 3 s. */
    public static final RefreshBudget USUAL = new RefreshBudget(
            Duration.ofMillis(4500),
            Duration.ofMillis(2500),
            Duration.ofMillis(1500),
            Duration.ofMillis(2800),
            Duration.ofMillis(250));

    /** What is left for WHOOP after the time that has passed. */
    Duration whoopAfter(Duration elapsed) {
        Duration left = answer.minus(elapsed);
        Duration some = left.compareTo(least) < 0 ? least : left;
        return some.compareTo(whoop) < 0 ? some : whoop;
    }
}
