package io.vitals.probe;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a journey went.
 *
 * @param steps those that were taken; a journey ends at the first that fails, but for what it undoes
 */
record Outcome(String journey, List<Step> steps, Duration took) {
    /**
     * A step that was taken.
     *
     * @param failure what kind of fault ended it, as a label
     */
    record Step(String name, Duration took, Optional<String> failure) {}

    /** A fault of the probe's own. */
    static final String INTERNAL = "internal";

    /** Of a journey that could not be walked at all. */
    static Outcome broken(Journey journey) {
        return new Outcome(
                journey.name(),
                List.of(new Step(journey.steps().getFirst(), Duration.ZERO, Optional.of(INTERNAL))),
                Duration.ZERO);
    }

    boolean passed() {
        return failed().isEmpty();
    }

    /** The step that failed, of several the first. */
    Optional<Step> failed() {
        return steps.stream().filter(step -> step.failure().isPresent()).findFirst();
    }
}
