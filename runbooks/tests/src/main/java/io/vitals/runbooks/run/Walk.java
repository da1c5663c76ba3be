package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Block;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Phase;
import io.vitals.runbooks.page.ProcedureMatter;
import io.vitals.runbooks.page.Risk;
import io.vitals.runbooks.page.Step;
import io.vitals.runbooks.page.When;
import io.vitals.runbooks.run.Result.Outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Goes through a page with a person: shows what it says, runs what looks, and asks before anything that changes something. */
public final class Walk {
    private static final String YES = "yes";

    private final Page page;
    private final Targets targets;
    private final Place place;
    private final boolean dry;
    private final Console console;
    private final Tally tally = new Tally();
    private final List<String> changes = new ArrayList<>();
    /** What a procedure begins with and is not so. */
    private final List<String> unready = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param dry only says what would be done
     */
    public Walk(Page page, Targets targets, Place place, boolean dry, Console console) {
        this.page = page;
        this.targets = targets;
        this.place = place;
        this.dry = dry;
        this.console = console;
    }

    public Tally walk() throws InterruptedException {
        try (var runner = new StepRunner(page, targets, Pace.REAL)) {
            for (Block block : page.blocks()) {
                switch (block) {
                    case Block.Heading heading ->
                        console.say("\n" + "#".repeat(heading.level()) + " " + heading.text());
                    case Block.Prose prose -> console.say(prose.text());
                    case Step step -> step(runner, step).ifPresent(this::note);
                }
            }
        }
        console.say("");
        if (!dry) {
            console.say(changes.isEmpty() ? "Nothing was changed." : "Changed by: " + String.join(", ", changes));
        }
        console.say(tally.toString());
        return tally;
    }

    private void note(Result result) {
        tally.add(result);
        if (!result.output().isEmpty()) {
            console.say(result.output().indent(2).stripTrailing());
        }
        console.say("→ " + result.id() + ": " + String.join(", ", parts(result)));
    }

    /** What would be done is neither passed nor skipped. */
    private List<String> parts(Result result) {
        return Stream.of(dry ? "" : result.outcome().name().toLowerCase(Locale.ROOT), result.detail())
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private Optional<Result> step(StepRunner runner, Step step) throws InterruptedException {
        if (step.drillOnly() && place == Place.PRODUCTION) {
            return Optional.empty();
        }
        // What is said of a system that is well is nothing for whoever was woken, and what a procedure begins with.
        if ((step.phase() == Phase.HEALTHY && !procedure())
                || (step.phase() == Phase.DIAGNOSE && !step.when().contains(When.BROKEN))) {
            return Optional.empty();
        }
        console.say("\n" + step.id() + ", " + step.phase() + (changes(step) ? ", " + risk(step) : "") + ":\n"
                + step.text().indent(4).stripTrailing());
        if (dry) {
            return Optional.of(runner.result(step, Outcome.SKIPPED, would(runner, step), ""));
        }
        Optional<String> lacks = targets.missing(step, page.about());
        if (lacks.isPresent()) {
            return Optional.of(runner.result(step, Outcome.SKIPPED, lacks.get(), ""));
        }
        if (changes(step) && !unready.isEmpty()) {
            return Optional.of(runner.result(
                    step, Outcome.SKIPPED, "what has to be true before is not: " + String.join(", ", unready), ""));
        }
        for (String name : runner.variables().missing(step)) {
            Optional<String> value =
                    console.ask(name + " = ").map(String::strip).filter(typed -> !typed.isEmpty());
            if (value.isEmpty()) {
                return Optional.of(runner.result(step, Outcome.SKIPPED, name + " is not given", ""));
            }
            runner.variables().give(name, value.get());
        }
        if (changes(step) && !confirmed(step)) {
            return Optional.of(runner.result(step, Outcome.SKIPPED, "not confirmed", ""));
        }
        if (changes(step)) {
            changes.add(step.id());
        }
        if (step.retry().times() > 1) {
            console.say("(tried up to " + step.retry().times() + " times, with "
                    + step.retry().delay().toSeconds() + "s between; Ctrl-C ends it)");
        }
        Result result = runner.run(step);
        if (step.phase() == Phase.HEALTHY && result.is(Outcome.FAILED)) {
            unready.add(step.id());
        }
        return Optional.of(result);
    }

    private boolean procedure() {
        return page.about() instanceof ProcedureMatter;
    }

    private static boolean changes(Step step) {
        return step.risk() != Risk.READ || step.phase() == Phase.INJECT || step.phase() == Phase.CLEANUP;
    }

    private static String risk(Step step) {
        return step.risk() == Risk.DESTRUCTIVE ? "destructive" : "changes something";
    }

    private boolean byName(Step step) {
        return step.risk() == Risk.DESTRUCTIVE && place == Place.PRODUCTION;
    }

    /** What destroys something in production is not confirmed by habit: the name has to be typed. */
    private boolean confirmed(Step step) {
        String word = byName(step) ? page.name() : YES;
        return console.ask(
                        "Run " + step.id() + " on " + place.name().toLowerCase(Locale.ROOT) + "? Type " + word + ": ")
                .map(String::strip)
                .filter(word::equals)
                .isPresent();
    }

    private String would(StepRunner runner, Step step) {
        Optional<String> lacks = targets.missing(step, page.about());
        if (lacks.isPresent()) {
            return "would be skipped: " + lacks.get();
        }
        List<String> unknown = runner.variables().missing(step);
        String first = unknown.isEmpty() ? "would " : "would ask for " + String.join(", ", unknown) + ", then ";
        return first
                + (byName(step)
                        ? "run when " + page.name() + " is typed"
                        : changes(step) ? "run when " + YES + " is typed" : "run");
    }
}
