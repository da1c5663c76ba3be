package io.vitals.runbooks.run;

import io.vitals.runbooks.page.FrontMatter;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Phase;
import io.vitals.runbooks.run.Result.Outcome;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets the fault of a page happen, and follows the page to its end. Nobody is asked, so it is nothing for production. */
public final class Drill {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Page page;
    private final Targets targets;
    private final Pace pace;
    private final Tally tally = new Tally();
    private final Consumer<Result> told;

    public Drill(Page page, Targets targets, Pace pace, Consumer<Result> told) {
        this.page = page;
        this.targets = targets;
        this.pace = pace;
        this.told = told;
    }

    /** What came of it. Whatever happens, the fault is ended. */
    public Tally run() throws InterruptedException {
        if (page.steps(Phase.INJECT).isEmpty()) {
            throw new IllegalArgumentException(
                    page.name() + " has no step of the phase inject, so there is nothing to drill");
        }
        if (targets.prometheus().isEmpty() && targets.alertmanager().isEmpty()) {
            throw new IllegalArgumentException(
                    "neither Prometheus nor Alertmanager is given, so the alert can not be seen");
        }
        try (var run = new PageRun(page, targets, pace, told)) {
            if (well(run.whileHealthy())) {
                try {
                    follow(run);
                } finally {
                    // An interruption ends the drill, not its end.
                    boolean interrupted = Thread.interrupted();
                    run.cleanup().forEach(tally::add);
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        }
        return tally;
    }

    private void follow(PageRun run) throws InterruptedException {
        FrontMatter.Exercise drill = page.about().drill();
        List<Result> injected = run.inject();
        boolean there = well(injected) && injected.stream().anyMatch(result -> result.is(Outcome.PASSED));
        if (!there || !reaches(run, "fires", Phase.INJECT, true, drill.fires())) {
            return;
        }
        well(run.whileBroken());
        List<Result> mitigated = run.mitigate();
        well(mitigated);
        if (mitigated.stream().noneMatch(result -> result.phase() == Phase.VERIFY)) {
            well(run.whenOver());
        }
        reaches(run, "resolves", Phase.VERIFY, false, drill.resolves());
    }

    private boolean well(List<Result> results) {
        results.forEach(tally::add);
        return results.stream().noneMatch(result -> result.is(Outcome.FAILED));
    }

    private boolean reaches(PageRun run, String id, Phase phase, boolean firing, Duration deadline)
            throws InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        String last = "";
        do {
            try {
                if (fires(run) == firing) {
                    return well(List.of(run.result(id, phase, Outcome.PASSED, "")));
                }
                last = firing ? "the alert does not fire" : "the alert still fires";
            } catch (StepFailure e) {
                last = String.valueOf(e.getMessage());
            }
            Thread.sleep(pace.delay().apply(LOOK));
        } while (System.nanoTime() < until);
        return well(List.of(run.result(id, phase, Outcome.FAILED, last + " after " + deadline.toSeconds() + "s")));
    }

    private boolean fires(PageRun run) throws StepFailure, InterruptedException {
        Optional<URI> prometheus = targets.prometheus();
        return prometheus.isPresent()
                ? run.queries().fires(prometheus.get(), page.name(), TIMEOUT)
                : run.queries().isKnown(targets.alertmanager().orElseThrow(), page.name(), TIMEOUT);
    }
}
