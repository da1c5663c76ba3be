package io.vitals.journey.drill;

import io.vitals.journey.stack.Tools;
import io.vitals.kit.config.Secret;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.run.Login;
import io.vitals.runbooks.run.PageRun;
import io.vitals.runbooks.run.Result;
import io.vitals.runbooks.run.Targets;
import io.vitals.sandbox.launcher.Ports;

import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** The pages of alerts, run against a scene: a drill makes the fault and waits for the alert, and says here when it is there and when it is over. */
final class Runbooks {
    private static final String USER = "drill_runbook";
    /** Of a role that only looks, in a server that lives for minutes. */
    private static final String PASSWORD = "for-looks";

    /** So that twenty tries last as long as the drill waits for the end of an alert. */
    private static final Duration DELAY = Duration.ofSeconds(4);

    /** A look may be rougher than a rule, which has to hold several scrapes. */
    private static final Duration ROUGH = Duration.ofMillis(1);

    private final Scene scene;
    private final io.vitals.runbooks.run.Pace pace;
    private final List<Result> results = new CopyOnWriteArrayList<>();

    Runbooks(Scene scene, int factor) {
        this.scene = scene;
        var overlay = new RulesOverlay(new Shorter(factor), ROUGH, Set.of());
        this.pace = new io.vitals.runbooks.run.Pace(
                overlay::expression, delay -> delay.compareTo(DELAY) < 0 ? delay : DELAY);
        try {
            scene.sql(
                    "postgres",
                    "CREATE ROLE " + USER + " LOGIN BYPASSRLS PASSWORD '" + PASSWORD
                            + "' IN ROLE pg_monitor, pg_read_all_data",
                    "GRANT CONNECT ON DATABASE health, whoop TO " + USER);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Result> results() {
        return results;
    }

    /** While nothing fires: a page whose assert is true already proves nothing. */
    void whileHealthy(List<Expected> alerts) throws InterruptedException {
        for (String name : alerts.stream().map(Expected::alert).distinct().toList()) {
            Expected alert = alerts.stream()
                    .filter(one -> one.alert().equals(name))
                    .findFirst()
                    .orElseThrow();
            try (var run = run(alert)) {
                run.whileHealthy();
            }
        }
    }

    /** While the alert fires. */
    void whileBroken(Expected alert) throws InterruptedException {
        try (var run = run(alert)) {
            run.whileBroken();
        }
    }

    /** From the end of the fault on. */
    void whenOver(Expected alert) {
        try (var run = run(alert)) {
            run.whenOver();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PageRun run(Expected alert) {
        return new PageRun(
                Page.read(Tools.ROOT.resolve("runbooks/alerts/" + alert.alert() + ".md")),
                targets(alert),
                pace,
                results::add);
    }

    /** As the alert says it: no cluster is here, so what asks one is skipped. */
    private Targets targets(Expected alert) {
        Ports ports = scene.stack().ports();
        boolean health = alert.service().equals("health-api");
        return new Targets(
                Optional.of(scene.watch().prometheus()),
                Optional.of(scene.watch().alertmanager()),
                Optional.empty(),
                Map.of(
                        "health", login(scene.stack().healthDatabase().url()),
                        "whoop", login(scene.stack().whoopDatabase().url())),
                Optional.of(health ? "health" : "whoop"),
                Map.of(
                        "HEALTH_API_URL", at(ports.healthPublic()),
                        "HEALTH_API_MANAGEMENT_URL", at(ports.healthManagement()),
                        "WHOOP_SERVICE_URL", at(ports.whoopPublic()),
                        "WHOOP_SERVICE_MANAGEMENT_URL", at(ports.whoopManagement())),
                Set.of(),
                Map.of(
                        "ENVIRONMENT",
                        "production",
                        "HOME",
                        scene.stack().directory().toString(),
                        "NAMESPACE",
                        health ? Watch.HEALTH : Watch.WHOOP,
                        "PATH",
                        System.getenv().getOrDefault("PATH", ""),
                        "PUBLIC_URL",
                        scene.stack().pageUrl().toString(),
                        "SERVICE",
                        health ? "health-api" : "whoop-service",
                        "WHOOP_API_URL",
                        at(ports.whoopSimulator()).toString()),
                Tools.ROOT);
    }

    private static Login login(String url) {
        return new Login(url, USER, Secret.of(PASSWORD));
    }

    private static URI at(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }
}
