package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Phase;
import io.vitals.runbooks.page.Risk;
import io.vitals.runbooks.page.Step;
import io.vitals.runbooks.run.Result.Outcome;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/** Runs the steps of a page, each by itself. */
final class StepRunner implements AutoCloseable {
    private final Page page;
    private final Targets targets;
    private final Pace pace;
    private final Masker masker = new Masker();
    private final Variables variables;
    private final Shell shell;
    private final Queries queries = new Queries();

    StepRunner(Page page, Targets targets, Pace pace) {
        this.page = page;
        this.targets = targets;
        this.pace = pace;
        this.variables = new Variables(targets, masker);
        this.shell = new Shell(targets.folder());
        targets.databases()
                .values()
                .forEach(login -> masker.know(login.password().reveal()));
    }

    Variables variables() {
        return variables;
    }

    Queries queries() {
        return queries;
    }

    /** What keeps a step from being run here. */
    Optional<String> lacks(Step step) {
        return targets.missing(step, page.about()).or(() -> {
            List<String> missing = variables.missing(step);
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of(String.join(", ", missing) + (missing.size() == 1 ? " is" : " are") + " not set");
        });
    }

    /** Runs it as often as it may be tried. */
    Result run(Step step) throws InterruptedException {
        Optional<String> lacks = lacks(step);
        if (lacks.isPresent()) {
            return result(step, Outcome.SKIPPED, lacks.get(), "");
        }
        Result last = once(step);
        for (int tries = 1; tries < step.retry().times() && last.is(Outcome.FAILED); tries++) {
            Thread.sleep(pace.delay().apply(step.retry().delay()));
            last = once(step);
        }
        return last;
    }

    private Result once(Step step) throws InterruptedException {
        try {
            Answer answer = ask(step);
            Optional<String> wrong = Judge.against(step, answer);
            if (wrong.isPresent()) {
                return result(step, Outcome.FAILED, wrong.get(), said(answer));
            }
            step.set().ifPresent(name -> variables.capture(name, captured(answer)));
            return result(step, Outcome.PASSED, "", said(answer));
        } catch (StepFailure e) {
            return failed(step, e);
        }
    }

    /** The guard against what is always true: an assert has to be false of a system that is well. */
    Result guard(Step step) throws InterruptedException {
        Optional<String> lacks = lacks(step);
        if (lacks.isPresent()) {
            return result(step, Outcome.SKIPPED, lacks.get(), "");
        }
        try {
            Answer answer = ask(step);
            return Judge.against(step, answer).isPresent()
                    ? result(step, Outcome.PASSED, "", said(answer))
                    : result(
                            step,
                            Outcome.FAILED,
                            "is true although nothing is wrong, so it proves nothing",
                            said(answer));
        } catch (StepFailure e) {
            return failed(step, e);
        }
    }

    private Answer ask(Step step) throws StepFailure, InterruptedException {
        return switch (step.language()) {
            case SH ->
                shell.run(
                        step.text(),
                        variables.environment(step, targets.database(step, page.about())),
                        step.timeout(),
                        step.phase() == Phase.INJECT);
            case PROMQL -> queries.promql(there(targets.prometheus()), paced(variables.fill(step)), step.timeout());
            case LOGQL -> queries.logql(there(targets.loki()), variables.fill(step), step.timeout());
            case HTTP -> queries.http(variables.fill(step), step.timeout());
            case SQL ->
                Sql.ask(
                        targets.database(step, page.about())
                                .map(targets.databases()::get)
                                .orElseThrow(() -> new StepFailure("there is no database for it")),
                        step.text(),
                        variables.parameters(step),
                        step.risk() == Risk.READ && !step.drillOnly(),
                        step.timeout());
        };
    }

    private String paced(String query) throws StepFailure {
        try {
            return pace.promql().apply(query);
        } catch (IllegalArgumentException e) {
            throw new StepFailure("can not be asked at this pace: " + e.getMessage(), e);
        }
    }

    private static URI there(Optional<URI> target) throws StepFailure {
        return target.orElseThrow(() -> new StepFailure("there is nobody to ask"));
    }

    private static String captured(Answer answer) {
        return answer.rows().isPresent() && !Double.isNaN(answer.number())
                ? Judge.plain(answer.number())
                : answer.out().strip();
    }

    private static String said(Answer answer) {
        return answer.err().isBlank() ? answer.out().stripTrailing() : (answer.out() + answer.err()).stripTrailing();
    }

    private Result failed(Step step, StepFailure failure) {
        String[] message = String.valueOf(failure.getMessage()).split("\n", 2);
        return result(step, Outcome.FAILED, message[0], message.length > 1 ? message[1].stripTrailing() : "");
    }

    Result result(Step step, Outcome outcome, String detail, String output) {
        return new Result(page.name(), step.id(), step.phase(), outcome, masker.mask(detail), masker.mask(output));
    }

    @Override
    public void close() {
        shell.close();
        queries.close();
    }
}
