package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Capability;
import io.vitals.runbooks.page.FrontMatter;
import io.vitals.runbooks.page.Step;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What steps are run against. What is not there, their steps are skipped for.
 *
 * @param databases by name
 * @param database the one that is meant where neither step nor page says so
 * @param apps by the name of the variable that steps find their address in
 * @param programs that may be called
 * @param environment what variables are taken from; a step sees of it what it names
 * @param folder the root of the tree
 */
public record Targets(
        Optional<URI> prometheus,
        Optional<URI> alertmanager,
        Optional<URI> loki,
        Map<String, Login> databases,
        Optional<String> database,
        Map<String, URI> apps,
        Set<Capability> programs,
        Map<String, String> environment,
        Path folder) {
    public Targets {
        databases = Map.copyOf(databases);
        apps = Map.copyOf(apps);
        programs = Set.copyOf(programs);
        environment = Map.copyOf(environment);
    }

    /** None at all. */
    public static Targets none(Path folder, Map<String, String> environment) {
        return new Targets(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Map.of(),
                Set.of(),
                environment,
                folder);
    }

    /** The name of the database that a step asks. */
    Optional<String> database(Step step, FrontMatter about) {
        Optional<String> named = step.database().or(about::database).or(() -> database);
        return named.isEmpty() && databases.size() == 1
                ? databases.keySet().stream().findFirst()
                : named;
    }

    /** What a step lacks here. */
    Optional<String> missing(Step step, FrontMatter about) {
        for (Capability need : step.needs().stream().sorted().toList()) {
            boolean there = switch (need) {
                case PROMETHEUS -> prometheus.isPresent();
                case ALERTMANAGER -> alertmanager.isPresent();
                case LOKI -> loki.isPresent();
                case APP -> !apps.isEmpty();
                case ARGOCD, KUBECTL -> programs.contains(need);
                case POSTGRES -> true;
            };
            if (!there) {
                return Optional.of("there is no " + need + " here");
            }
            if (need == Capability.POSTGRES) {
                Optional<String> name = database(step, about);
                if (databases.isEmpty()) {
                    return Optional.of("there is no postgres here");
                }
                if (name.isEmpty()) {
                    return Optional.of("which database is not said: health or whoop");
                }
                if (!databases.containsKey(name.get())) {
                    return Optional.of("there is no database " + name.get() + " here");
                }
            }
        }
        return Optional.empty();
    }
}
