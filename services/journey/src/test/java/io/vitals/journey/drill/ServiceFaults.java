package io.vitals.journey.drill;

import io.vitals.kit.config.Secret;
import io.vitals.kit.signing.RequestSigner;
import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.sahha.SahhaControl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static io.vitals.journey.drill.Expected.burn;
import static io.vitals.journey.drill.Expected.page;
import static io.vitals.journey.drill.Expected.security;
import static io.vitals.journey.drill.Expected.ticket;

/** What can happen to the services and to those who call them. */
final class ServiceFaults {
    private static final String HEALTH = "health-api";
    private static final String WHOOP = "whoop-service";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private ServiceFaults() {}

    static List<List<Fault>> rounds() {
        return List.of(
                List.of(down(), badSahhaSignatures(), unsignedCalls()),
                List.of(unknown(Watch.HEALTH, HEALTH, "HealthApiAbsent"), whoopUnknown()),
                List.of(whoopDown()),
                List.of(exporterDown(), callSentAgain()),
                List.of(strangers()),
                List.of(brokenMigration()));
    }

    private static Fault down() {
        return new Fault(
                "health-api is killed",
                List.of(page("ServiceDown", HEALTH)),
                Set.of("SloMetricAbsent", "TargetDown"),
                scene -> {
                    ServiceProcess service = scene.stack().healthApi();
                    service.kill();
                    return () -> {
                        service.start();
                        service.awaitReady(Scene.PATIENCE);
                    };
                });
    }

    private static Fault whoopDown() {
        return new Fault(
                "whoop-service is killed",
                List.of(page("ServiceDown", WHOOP), page("FeedStalled", HEALTH)),
                // health-api complains of it in its log.
                Set.of("LogErrorSpike", "SloMetricAbsent", "TargetDown"),
                scene -> {
                    ServiceProcess service = scene.stack().whoopService();
                    service.kill();
                    return () -> {
                        service.start();
                        service.awaitReady(Scene.PATIENCE);
                    };
                });
    }

    static Fault whoopUnknown() {
        return unknown(Watch.WHOOP, WHOOP, "WhoopServiceAbsent");
    }

    private static Fault unknown(String namespace, String service, String alert) {
        return new Fault(
                service + " is no target any more",
                List.of(page(alert, service)),
                // Its counters are gone with it.
                Set.of("SloMetricAbsent"),
                scene -> {
                    scene.watch().forgetTarget(service);
                    int port = service.equals(HEALTH)
                            ? scene.stack().ports().healthManagement()
                            : scene.stack().ports().whoopManagement();
                    return () -> scene.watch().target(namespace, service, port);
                });
    }

    private static Fault exporterDown() {
        return new Fault(
                "the exporter of PostgreSQL is killed",
                List.of(page("PostgresAbsent", "postgres"), ticket("TargetDown", "observability")),
                Set.of(),
                scene -> {
                    scene.exporter().kill();
                    return scene.exporter()::startAgain;
                });
    }

    /** Events that somebody else signed. */
    private static Fault badSahhaSignatures() {
        return new Fault(
                "Sahha's events are forged", List.of(security("SahhaSignatureFailures", HEALTH)), Set.of(), scene -> {
                    SahhaControl sahha = scene.stack().simulators().sahha();
                    AutoCloseable events = scene.often(
                            5,
                            () -> sahha.sendRaw(
                                    "ScoreCreatedIntegrationEvent", "nobody", new byte[] {'{', '}'}, "guessed"));
                    return () -> {
                        events.close();
                        sahha.announceToday();
                    };
                });
    }

    private static Fault unsignedCalls() {
        return new Fault(
                "somebody calls whoop-service unsigned",
                List.of(security("InternalCallsRefused", WHOOP)),
                Set.of("AuthFailureSurge"),
                scene -> scene.often(
                        5,
                        () -> get("http://127.0.0.1:" + scene.stack().ports().whoopInternal()
                                + "/internal/v1/admin/quota")));
    }

    /** What was heard on the way to whoop-service, once more. */
    private static Fault callSentAgain() {
        return new Fault(
                "somebody sends an inner call again",
                List.of(security("CrossMemberReplay", WHOOP)),
                Set.of(),
                scene -> {
                    String authority = "127.0.0.1:" + scene.stack().ports().whoopInternal();
                    String path = "/internal/v1/admin/quota";
                    Path key = scene.stack().directory().resolve("secrets/health-api-signing-key.json");
                    HttpRequest.Builder call = HttpRequest.newBuilder(URI.create("http://" + authority + path));
                    RequestSigner.fromJwk(Secret.of(Files.readString(key)), Clock.systemUTC(), new SecureRandom())
                            .sign("GET", authority, path, "", "", new byte[0], Map.of())
                            .forEach(call::header);
                    send(call.build());
                    send(call.build());
                    return () -> {};
                });
    }

    /** Reads are refused, as nothing may be read that is not audited. */
    static Fault auditLost() {
        return new Fault(
                "health-api may not write its audit log any more",
                List.of(page("AuditWriteFailing", HEALTH)),
                Set.of("DatabaseStatementsFailing", "High5xxRatio", "LogErrorSpike", "SLOBudgetBurn"),
                scene -> {
                    String role = scene.stack().healthDatabase().app().user();
                    String right = "INSERT (at, action, actor, actor_id, member_id, purpose, object, outcome, reason)";
                    scene.sql("health", "REVOKE " + right + " ON audit_event FROM " + role);
                    AutoCloseable readers = scene.often(2, scene::read);
                    return () -> {
                        readers.close();
                        scene.sql("health", "GRANT " + right + " ON audit_event TO " + role);
                    };
                });
    }

    private static Fault strangers() {
        return new Fault(
                "many are not who they say they are",
                List.of(security("AuthFailureSurge", HEALTH)),
                Set.of(),
                scene -> scene.often(
                        20,
                        () -> get(scene.stack()
                                .pageUrl()
                                .resolve("/api/v1/users/me/links/whoop")
                                .toString())));
    }

    /** A column that the release does not know by its new name. */
    private static Fault brokenMigration() {
        return new Fault(
                "a table of health-api is not what the release expects",
                List.of(burn(HEALTH, "api-availability"), ticket("High5xxRatio", HEALTH)),
                // And the slower burns, after it.
                Set.of("DatabaseStatementsFailing", "LogErrorSpike", "SLOBudgetBurn"),
                scene -> {
                    scene.sql("health", "ALTER TABLE daily_record RENAME TO daily_record_new");
                    AutoCloseable readers = scene.often(10, scene::read);
                    return () -> {
                        readers.close();
                        scene.sql("health", "ALTER TABLE daily_record_new RENAME TO daily_record");
                    };
                });
    }

    private static void get(String address) {
        send(HttpRequest.newBuilder(URI.create(address)).timeout(DEADLINE).build());
    }

    private static void send(HttpRequest request) {
        try {
            HTTP.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
