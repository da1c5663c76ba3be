package io.vitals.runbooks.run;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How time passes where steps are run: a drill in which it passes faster asks over shorter times.
 *
 * @param promql what is made of a query
 * @param delay what is made of a wait between two tries
 */
public record Pace(UnaryOperator<String> promql, UnaryOperator<Duration> delay) {
    public static final Pace REAL = new Pace(UnaryOperator.identity(), UnaryOperator.identity());
}
