package io.vitals.runbooks;

import io.vitals.runbooks.page.Capability;
import io.vitals.runbooks.run.Login;
import io.vitals.runbooks.run.Targets;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What steps are run against, as the environment or a file says. All of it may be left out. */
record RunbookSettings(
        Optional<URI> prometheus, Optional<URI> alertmanager, Optional<URI> loki, Databases postgres, Apps app) {
    record Databases(Optional<Login> health, Optional<Login> whoop) {}

    record Apps(
            Optional<URI> healthApi,
            Optional<URI> healthApiManagement,
            Optional<URI> whoopService,
            Optional<URI> whoopServiceManagement) {}

    Targets targets(Path folder, Optional<String> database, Map<String, String> environment) {
        var databases = new HashMap<String, Login>();
        postgres.health().ifPresent(login -> databases.put("health", login));
        postgres.whoop().ifPresent(login -> databases.put("whoop", login));
        var apps = new HashMap<String, URI>();
        app.healthApi().ifPresent(uri -> apps.put("HEALTH_API_URL", uri));
        app.healthApiManagement().ifPresent(uri -> apps.put("HEALTH_API_MANAGEMENT_URL", uri));
        app.whoopService().ifPresent(uri -> apps.put("WHOOP_SERVICE_URL", uri));
        app.whoopServiceManagement().ifPresent(uri -> apps.put("WHOOP_SERVICE_MANAGEMENT_URL", uri));
        return new Targets(
                prometheus, alertmanager, loki, databases, database, apps, programs(environment), environment, folder);
    }

    /** Those that are on the path. */
    private static Set<Capability> programs(Map<String, String> environment) {
        Set<Capability> programs = EnumSet.noneOf(Capability.class);
        for (Capability program : Set.of(Capability.ARGOCD, Capability.KUBECTL)) {
            String name = program.name().toLowerCase(Locale.ROOT);
            if (Arrays.stream(environment.getOrDefault("PATH", "").split(":", -1))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)))) {
                programs.add(program);
            }
        }
        return programs;
    }
}
