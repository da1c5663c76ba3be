package io.vitals.health.sahha;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimits;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.sahha.SahhaConfig;
import io.vitals.sandbox.sahha.SahhaSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The Sahha feature beside a simulator that sends its events to it. */
abstract class SahhaScene {
    private static final String WEBHOOK_SECRET = "test-webhook-secret";
    static final UUID MEMBER = UUID.fromString("6c0a2d7e-51f1-4c0e-9f6a-3d5c2b1a0f9e");
    private static final SourceLimits LIMITS = new SourceLimits(1_000, 4_000, 2_000, 8_000);
    static final Duration SOON = Duration.ofSeconds(20);

    private static final Envelope ENVELOPE = Envelope.fromKeyset(Keysets.fresh());
    static HealthDatabase health;
    static Database db;

    final Clock clock = Clock.systemUTC();
    final Recorder recorder = new Recorder();
    private final HttpClient http = HttpClient.newHttpClient();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    SahhaSimulator sahha;
    SahhaService service;
    private HttpServer server;

    /** Remembers what was announced. */
    static final class Recorder implements SahhaListener {
        final Set<LocalDate> days = ConcurrentHashMap.newKeySet();
        final List<State> states = new CopyOnWriteArrayList<>();

        @Override
        public void daysChanged(SqlExecutor transaction, UUID member, Set<LocalDate> dates) {
            days.addAll(dates);
        }

        @Override
        public void stateChanged(SqlExecutor transaction, UUID member, State state) {
            states.add(state);
        }

        @Override
        public void committed() {}
    }

    @BeforeAll
    static void startDatabase() {
        health = HealthDatabase.start();
        db = health.database();
    }

    @AfterAll
    static void stopDatabase() {
        health.close();
    }

    @BeforeEach
    void start() {
        health.clear(List.of(
                "sahha_profile", "sahha_inbox", "sahha_score", "sahha_biomarker", "sahha_session", "sahha_token"));
        List<SahhaService> late = new ArrayList<>();
        server = HttpServer.builder(
                        HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        new DataSize(1024 * 1024),
                        routes -> routes.post(
                                "/webhooks/sahha",
                                (request, response) -> late.getFirst().webhook().handle(request, response)))
                .build()
                .start();
        sahha = SahhaSimulator.start(SahhaConfig.of(
                        "the-client", "the-secret", Population.of(7, 2, clock).people(), clock)
                .withWebhooks(webhookUrl(), WEBHOOK_SECRET));
        service = service(Duration.ofMinutes(10));
        late.add(service);
    }

    SahhaService service(Duration interval) {
        SahhaSettings settings = new SahhaSettings(
                URI.create(sahha.url()),
                "the-client",
                Secret.of("the-secret"),
                Secret.of(WEBHOOK_SECRET),
                interval,
                LIMITS);
        registry = new SimpleMeterRegistry();
        return new SahhaService(
                db,
                settings,
                ENVELOPE,
                recorder,
                new ClientAddresses(List.of()),
                clock,
                new Random(1),
                registry,
                Tracer.noOp());
    }

    @AfterEach
    void stop() {
        service.close();
        sahha.close();
        server.close();
    }

    static String event(String score, String createdAt) {
        return "{\"id\":\"%s\",\"externalId\":\"%s\",\"type\":\"sleep\",\"score\":%s,\"state\":\"high\","
                        .formatted(UUID.randomUUID(), MEMBER, score)
                + "\"scoreDateTime\":\"2026-09-20T00:00:00+01:00\",\"createdAtUtc\":\"" + createdAt + "\"}";
    }

    static String sign(String body) {
        return HexFormat.of()
                .formatHex(Digests.hmacSha256(Secret.of(WEBHOOK_SECRET), body.getBytes(StandardCharsets.UTF_8)));
    }

    int post(String body, String signature, String externalId) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(webhookUrl())
                .header("X-Signature", signature)
                .header("X-External-Id", externalId)
                .header("X-Event-Type", EventType.SCORE)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private URI webhookUrl() {
        return URI.create("http://127.0.0.1:" + server.port("public") + "/webhooks/sahha");
    }

    static void due() {
        db.execute(Sql.named("due", "UPDATE sahha_profile SET due_at = now() - interval '1 second'"), Params.none());
    }

    static String state() {
        return db.first(
                        Sql.named("state", "SELECT state FROM sahha_profile"),
                        Params.none(),
                        row -> row.string("state"))
                .orElse("");
    }

    static long count(String from) {
        return db.first(
                        Sql.named("count", "SELECT count(*) AS n FROM " + from),
                        Params.none(),
                        row -> row.longValue("n"))
                .orElseThrow();
    }
}
