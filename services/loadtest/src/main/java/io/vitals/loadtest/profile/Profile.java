package io.vitals.loadtest.profile;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How much is sent.
 *
 * @param connected members whose WHOOP is connected and whose history is there; they are among the users
 * @param connecting members who connect and disconnect; nobody else's days hang on them
 * @param duration of each scenario, or of each step
 * @param rate requests a second, in the first step when there are steps
 * @param scenarios names; none means all
 * @param steps present when the rate goes up until something breaks
 * @param users members who read; each has a program with a key
 * @param warmUp what is sent before each scenario and not counted
 */
public record Profile(
        int connected,
        int connecting,
        Duration duration,
        double rate,
        List<String> scenarios,
        Optional<Steps> steps,
        int users,
        Duration warmUp) {

    /**
     * How the rate goes up.
     *
     * @param add requests a second, from each step to the next
     * @param most where it ends at the latest
     */
    public record Steps(double add, double most) {
        public Steps {
            if (!(add > 0)) {
                throw new IllegalArgumentException("add is more than 0");
            }
        }

        /** One step. */
        @FunctionalInterface
        public interface Step {
            boolean holds(double rate) throws Exception;
        }

        /** Goes up until a step does not hold; the rate of the last one that did, or 0. */
        public double lastHeld(double first, Step step) throws Exception {
            double held = 0;
            for (double rate = first; rate <= most && step.holds(rate); rate += add) {
                held = rate;
            }
            return held;
        }
    }

    public Profile {
        if (connected < 1 || connecting < 1 || users < connected) {
            throw new IllegalArgumentException(
                    "connected and connecting are 1 or more, and users are connected or more");
        }
        if (!(rate > 0 && rate <= 10_000)) {
            throw new IllegalArgumentException("rate is more than 0 and at most 10000");
        }
        if (!isSeconds(duration) || !isSeconds(warmUp)) {
            throw new IllegalArgumentException("duration and warm-up are whole seconds, 1s or more");
        }
        if (steps.isPresent() && !(steps.get().most() >= rate)) {
            throw new IllegalArgumentException("steps.most is rate or more");
        }
        scenarios.forEach(Scenario::of);
        scenarios = List.copyOf(scenarios);
    }

    private static boolean isSeconds(Duration duration) {
        return duration.isPositive() && duration.toNanosPart() == 0;
    }

    /** What is gone through when nothing else is asked for. */
    public List<Scenario> usual() {
        return Arrays.stream(Scenario.values())
                .filter(scenario -> scenarios.isEmpty() || scenarios.contains(scenario.named()))
                .toList();
    }
}
