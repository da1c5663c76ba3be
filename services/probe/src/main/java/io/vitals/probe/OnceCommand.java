package io.vitals.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code once}: walks every journey one time and prints a line a step. Fails if one of them does. */
final class OnceCommand {
    private OnceCommand() {}

    /** Journeys failed. The message names them with their steps. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /**
     * Walks and prints.
     *
     * @throws FailedException if a journey did not pass; all were walked
     */
    static void run(Journeys journeys, Consumer<String> print) throws FailedException {
        List<String> failed = new ArrayList<>();
        for (Journey journey : journeys.all()) {
            Outcome outcome = journeys.walk(journey);
            outcome.steps().forEach(step -> print.accept(line(outcome.journey(), step)));
            outcome.failed()
                    .ifPresent(step -> failed.add("%s (%s: %s)"
                            .formatted(
                                    outcome.journey(),
                                    step.name(),
                                    step.failure().orElse(""))));
        }
        int passed = journeys.all().size() - failed.size();
        String summary = "%d passed, %d failed".formatted(passed, failed.size())
                + (failed.isEmpty() ? "" : ": " + String.join(", ", failed));
        print.accept(summary);
        if (!failed.isEmpty()) {
            throw new FailedException(summary);
        }
    }

    private static String line(String journey, Outcome.Step step) {
        return "%-8s %-14s %-7s %8.1f ms%s"
                .formatted(
                        journey,
                        step.name(),
                        step.failure().isEmpty() ? "ok" : "FAILED",
                        step.took().toNanos() / 1e6,
                        step.failure().map(reason -> "  " + reason).orElse(""));
    }
}
