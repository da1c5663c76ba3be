package io.vitals.health.daily;

import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/** Where in a WHOOP day a metric is read; each function gives the amount in the metric's unit, or null. */
sealed interface WhoopRule {

    record OfRecovery(Function<WhoopDay.Recovery, @Nullable Double> amount) implements WhoopRule {}

    /** Read from the primary sleep. */
    record OfSleep(Function<WhoopDay.Sleep, @Nullable Double> amount) implements WhoopRule {}

    record OfCycle(Function<WhoopDay.Cycle, @Nullable Double> amount) implements WhoopRule {}

    record OfBody(Function<WhoopDay.Body, @Nullable Double> amount) implements WhoopRule {}

    static WhoopRule recovery(Function<WhoopDay.Recovery, @Nullable Double> amount) {
        return new OfRecovery(amount);
    }

    static WhoopRule sleep(Function<WhoopDay.Sleep, @Nullable Double> amount) {
        return new OfSleep(amount);
    }

    /** Milliseconds of the primary sleep, as minutes. */
    static WhoopRule sleepMillis(Function<WhoopDay.Sleep, @Nullable Long> millis) {
        return new OfSleep(sleep -> minutes(millis.apply(sleep)));
    }

    static WhoopRule cycle(Function<WhoopDay.Cycle, @Nullable Double> amount) {
        return new OfCycle(amount);
    }

    static WhoopRule body(Function<WhoopDay.Body, @Nullable Double> amount) {
        return new OfBody(amount);
    }

    private static @Nullable Double minutes(@Nullable Long millis) {
        return millis == null ? null : Quantity.minutesOfMillis(millis);
    }
}
