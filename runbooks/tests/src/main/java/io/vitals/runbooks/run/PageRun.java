package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Phase;
import io.vitals.runbooks.page.Step;
import io.vitals.runbooks.page.When;
import io.vitals.runbooks.run.Result.Outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps of one page by their phases, for whoever makes the fault happen and knows when it is there: each call runs what has its turn then.
 * What is captured in one phase is there in the later ones.
 */
public final class PageRun implements AutoCloseable {
    private final Page page;
    private final StepRunner runner;
    private final Consumer<Result> told;

    /**
     * Prepares; nothing is run yet.
     *
     * @param told of each result as soon as it is there
     */
    public PageRun(Page page, Targets targets, Pace pace, Consumer<Result> told) {
        this.page = page;
        this.runner = new StepRunner(page, targets, pace);
        this.told = told;
    }

    /** Before anything happens: what is said of a system that is well, and whether no assert is true of it already. */
    public List<Result> whileHealthy() throws InterruptedException {
        var results = new ArrayList<Result>();
        for (Step step : page.steps()) {
            if (step.phase() == Phase.HEALTHY
                    || (step.phase() == Phase.DIAGNOSE && step.when().contains(When.HEALTHY))) {
                results.add(tell(runner.run(step)));
            } else if (step.phase() == Phase.ASSERT) {
                Result guarded = runner.guard(step);
                results.add(tell(new Result(
                        guarded.page(),
                        guarded.id() + " while nothing is wrong",
                        guarded.phase(),
                        guarded.outcome(),
                        guarded.detail(),
                        guarded.output())));
            }
        }
        return results;
    }

    /** While the fault is there: what a person looks at, and what has to be true. */
    public List<Result> whileBroken() throws InterruptedException {
        var results = new ArrayList<Result>();
        for (Step step : page.steps()) {
            if (step.phase() == Phase.ASSERT
                    || (step.phase() == Phase.DIAGNOSE && step.when().contains(When.BROKEN))) {
                results.add(tell(runner.run(step)));
            }
        }
        return results;
    }

    /** When the fault is over, or as a test of whether it is. */
    public List<Result> whenOver() throws InterruptedException {
        return all(Phase.VERIFY);
    }

    List<Result> inject() throws InterruptedException {
        return all(Phase.INJECT);
    }

    List<Result> cleanup() throws InterruptedException {
        return all(Phase.CLEANUP);
    }

    /** What the page offers to do, in its order, until it helps: others are ways that were not needed. */
    List<Result> mitigate() throws InterruptedException {
        var results = new ArrayList<Result>();
        boolean helped = false;
        for (Step step : page.steps(Phase.MITIGATE)) {
            if (helped) {
                results.add(tell(runner.result(step, Outcome.SKIPPED, "another one helped before", "")));
                continue;
            }
            Result result = tell(runner.run(step));
            results.add(result);
            if (result.is(Outcome.PASSED)) {
                List<Result> over = whenOver();
                helped = over.stream().noneMatch(verified -> verified.is(Outcome.FAILED));
                if (helped) {
                    results.addAll(over);
                }
            }
        }
        return results;
    }

    private List<Result> all(Phase phase) throws InterruptedException {
        var results = new ArrayList<Result>();
        for (Step step : page.steps(phase)) {
            results.add(tell(runner.run(step)));
        }
        return results;
    }

    Queries queries() {
        return runner.queries();
    }

    Result result(String id, Phase phase, Outcome outcome, String detail) {
        return tell(new Result(page.name(), id, phase, outcome, detail, ""));
    }

    private Result tell(Result result) {
        told.accept(result);
        return result;
    }

    @Override
    public void close() {
        runner.close();
    }
}
