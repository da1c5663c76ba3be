package io.vitals.probe;

import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One run of a journey under way: times its steps, stops at the first that fails, and undoes what must not stay. */
final class Walk {
    private static final EventLog LOG = EventLog.of(Walk.class);

    private record Undo(String step, Runnable work) {}

    /** Ends a walk; the step that failed is in the list already. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("a step failed", null, false, false);
        }
    }

    private final Journey journey;
    private final List<Outcome.Step> steps = new ArrayList<>();
    private final Deque<Undo> undo = new ArrayDeque<>();

    private Walk(Journey journey) {
        this.journey = journey;
    }

    /**
     * Walks the journey to its end or to the step that fails.
     *
     * @param limit of all its steps together; what is undone has only the limit of a call
     */
    static Outcome of(Journey journey, Browser browser, Duration limit) {
        Walk walk = new Walk(journey);
        long start = System.nanoTime();
        try {
            Deadline.within(limit, () -> journey.walk(walk, browser));
        } catch (Stopped _) {
            // What went wrong is told by its step.
        } finally {
            walk.undoAll();
        }
        return new Outcome(journey.name(), List.copyOf(walk.steps), Duration.ofNanos(System.nanoTime() - start));
    }

    /** Takes a step that has a result. */
    <T> T step(String name, Supplier<T> work) {
        return timed(name, work);
    }

    /** Takes a step. */
    void act(String name, Runnable work) {
        timed(name, () -> {
            work.run();
            return Optional.empty();
        });
    }

    /** Has a step taken at the end, also when one before it fails; the last one named goes first. */
    void lastly(String name, Runnable work) {
        undo.push(new Undo(name, work));
    }

    private void undoAll() {
        while (!undo.isEmpty()) {
            Undo next = undo.pop();
            try {
                act(next.step(), next.work());
            } catch (Stopped _) {
                // The others are undone all the same.
            }
        }
    }

    private <T> T timed(String name, Supplier<T> work) {
        if (!journey.steps().contains(name)) {
            throw new IllegalStateException(journey.name() + " does not list its step " + name);
        }
        long start = System.nanoTime();
        @Nullable String failure = null;
        try {
            return work.get();
        } catch (BrowserException e) {
            failure = e.reason();
            throw new Stopped();
        } catch (RuntimeException e) {
            LOG.error("step_broke", e, LogField.OPERATION.of(journey.name()), LogField.PHASE.of(name));
            failure = Outcome.INTERNAL;
            throw new Stopped();
        } finally {
            steps.add(
                    new Outcome.Step(name, Duration.ofNanos(System.nanoTime() - start), Optional.ofNullable(failure)));
        }
    }
}
