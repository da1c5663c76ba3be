package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Capability;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Pages;
import io.vitals.runbooks.page.Step;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Targets for tests, and steps that are run against them. */
final class Setting {
    private Setting() {}

    static Targets none(Path folder, String... environment) {
        var variables = new HashMap<>(Map.of("PATH", System.getenv().getOrDefault("PATH", "")));
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        return Targets.none(folder, variables);
    }

    static Targets with(Targets targets, URI prometheus) {
        return new Targets(
                Optional.of(prometheus),
                targets.alertmanager(),
                Optional.of(prometheus),
                targets.databases(),
                targets.database(),
                Map.of("HEALTH_API_URL", prometheus),
                targets.programs(),
                targets.environment(),
                targets.folder());
    }

    static Targets with(Targets targets, Map<String, Login> databases) {
        return new Targets(
                targets.prometheus(),
                targets.alertmanager(),
                targets.loki(),
                databases,
                targets.database(),
                targets.apps(),
                targets.programs(),
                targets.environment(),
                targets.folder());
    }

    static Targets with(Targets targets, Set<Capability> programs) {
        return new Targets(
                targets.prometheus(),
                targets.alertmanager(),
                targets.loki(),
                targets.databases(),
                targets.database(),
                targets.apps(),
                programs,
                targets.environment(),
                targets.folder());
    }

    /** A fence. */
    static String step(String info, String text) {
        return "```" + info + "\n" + text + "\n```\n";
    }

    /** Runs the steps of a page in their order, and gives the last result. */
    static Result run(Targets targets, String... steps) throws InterruptedException {
        Page page = Pages.of(String.join("", steps));
        try (var runner = new StepRunner(page, targets, Pace.REAL)) {
            for (Step step : page.steps().subList(0, page.steps().size() - 1)) {
                Result result = runner.run(step);
                if (!result.is(Result.Outcome.PASSED)) {
                    throw new IllegalStateException(result + "\n" + result.output());
                }
            }
            return runner.run(page.steps().getLast());
        }
    }
}
