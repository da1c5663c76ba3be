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
import io.vitals.sandbox.sahha.SahhaFault;
import io.vitals.sandbox.sahha.SahhaSimulator;
import io.vitals.sandbox.sahha.ScoreShape;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SahhaServiceTest {
    private static final String WEBHOOK_SECRET = "test-webhook-secret";
    private static final UUID MEMBER = UUID.fromString("6c0a2d7e-51f1-4c0e-9f6a-3d5c2b1a0f9e");
    private static final SourceLimits LIMITS = new SourceLimits(1_000, 4_000, 2_000, 8_000);
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Envelope ENVELOPE = Envelope.fromKeyset(Keysets.fresh());
    private static HealthDatabase health;
    private static Database db;

    private final Clock clock = Clock.systemUTC();
    private final Recorder recorder = new Recorder();
    private final HttpClient http = HttpClient.newHttpClient();
    private SahhaSimulator sahha;
    private SahhaService service;
    private HttpServer server;

    /** Remembers what was announced. */
    private static final class Recorder implements SahhaListener {
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
        health.clear(List.of("sahha_profile", "sahha_inbox", "sahha_score", "sahha_biomarker", "sahha_token"));
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

    private SahhaService service(Duration interval) {
        SahhaSettings settings = new SahhaSettings(
                URI.create(sahha.url()),
                "the-client",
                Secret.of("the-secret"),
                Secret.of(WEBHOOK_SECRET),
                interval,
                LIMITS);
        return new SahhaService(
                db,
                settings,
                ENVELOPE,
                recorder,
                new ClientAddresses(List.of()),
                clock,
                new Random(1),
                new SimpleMeterRegistry(),
                Tracer.noOp());
    }

    @AfterEach
    void stop() {
        service.close();
        sahha.close();
        server.close();
    }

    @Test
    void aConsentRegistersTheMemberAndBringsThirtyDays() {
        service.start();
        service.consented(MEMBER);
        service.consented(MEMBER);

        await().atMost(SOON).until(() -> state().equals("active"));
        assertThat(count("sahha_score")).isGreaterThan(100);
        assertThat(sahha.control().profiles()).containsExactly(MEMBER.toString());
        assertThat(recorder.days).hasSizeGreaterThanOrEqualTo(29);
        assertThat(recorder.states.getLast().name()).isEqualTo("active");
        assertThat(recorder.states.getLast().connected()).isTrue();
        LocalDate yesterday =
                recorder.days.stream().sorted().toList().reversed().get(1);
        SahhaDay day =
                SahhaDays.read(db, MEMBER, List.of(yesterday)).getOrDefault(yesterday, SahhaDay.empty(yesterday));
        assertThat(day.scores()).extracting(SahhaScore::type).contains("activity", "readiness");
        assertThat(day.biomarkers())
                .extracting(SahhaBiomarker::type)
                .contains("steps")
                .doesNotContain("sleep_start_time");
    }

    @Test
    void theQuickStartShapeGivesTheSameDays() {
        sahha.control().scoreShape(ScoreShape.QUICK_START);
        service.start();
        service.consented(MEMBER);

        await().atMost(SOON).until(() -> state().equals("active"));
        assertThat(count("sahha_score WHERE percent > 1")).isGreaterThan(100);
    }

    @Test
    void aSecondPollChangesNothing() {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        long biomarkers = count("sahha_biomarker");
        recorder.days.clear();

        due();
        await().atMost(SOON).until(() -> count("sahha_profile WHERE due_at > now() + interval '5 minutes'") == 1);
        assertThat(count("sahha_biomarker")).isEqualTo(biomarkers);
        // Only today may have been scored anew.
        assertThat(recorder.days).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aSahhaThatIsDownChangesNothingStoredAndIsMarkedStale() {
        SahhaService hasty = service(Duration.ofMillis(300));
        hasty.start();
        hasty.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        long scores = count("sahha_score");

        sahha.control().fault(new SahhaFault.Down());
        await().atMost(SOON).until(() -> recorder.states.getLast().stale());
        assertThat(recorder.states.getLast().name()).isEqualTo("failing");
        assertThat(count("sahha_score")).isEqualTo(scores);

        sahha.control().fault(new SahhaFault.None());
        await().atMost(SOON).until(() -> !recorder.states.getLast().stale());
        hasty.close();
    }

    @Test
    void aRefusedTokenIsFetchedAnewOnce() {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        sahha.control().revokeTokens();
        due();

        await().atMost(SOON)
                .until(() -> count("sahha_profile WHERE failures = 0 AND due_at > now() + interval '5 minutes'") == 1);
        assertThat(sahha.control().requests().stream().filter(line -> line.endsWith("/oauth/account/token")))
                .hasSize(2);
    }

    @Test
    void answersThatAreNoJsonFailThePollOnly() {
        sahha.control().fault(new SahhaFault.WrongJson());
        service.start();
        service.consented(MEMBER);

        await().atMost(SOON).until(() -> count("sahha_profile WHERE failures > 0") == 1);
        sahha.control().fault(new SahhaFault.None());
        await().atMost(SOON).until(() -> state().equals("active"));
    }

    @Test
    void anAnnouncedDayIsStoredFromItsEvents() {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        health.clear(List.of("sahha_score", "sahha_biomarker"));
        LocalDate date =
                recorder.days.stream().max(LocalDate::compareTo).orElseThrow().minusDays(1);

        sahha.control().duplicateWebhooks(3);
        int sent = sahha.control().announce(MEMBER.toString(), date);
        await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'done' AND body IS NULL") == sent);
        assertThat(count("sahha_score")).isGreaterThanOrEqualTo(4);
        assertThat(count("sahha_biomarker")).isGreaterThan(5);
        assertThat(recorder.days).contains(date);
    }

    @Test
    void anEventIsKeptBeforeItIsAnsweredAndSurvivesUntilAWorkerComes() throws Exception {
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        String body = event("0.72", "2026-09-20T01:00:00Z");

        assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
        assertThat(count("sahha_inbox WHERE state = 'new'")).isEqualTo(1);
        assertThat(post(body, sign(body).toUpperCase(Locale.ROOT), MEMBER.toString()))
                .isEqualTo(204);
        assertThat(count("sahha_inbox")).isEqualTo(1);

        service.start();
        await().atMost(SOON).until(() -> count("sahha_score WHERE percent = 72") == 1);
    }

    @Test
    void theNewestIssueOfADayWinsWhateverTheOrder() throws Exception {
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        service.start();
        for (String body : List.of(
                event("0.60", "2026-09-20T09:00:00Z"),
                event("0.70", "2026-09-20T21:00:00Z"),
                event("0.65", "2026-09-20T12:00:00Z"))) {
            assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
            await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'new'") == 0);
        }
        assertThat(count("sahha_score WHERE local_date = '2026-09-20'")).isEqualTo(1);
        assertThat(count("sahha_score WHERE local_date = '2026-09-20' AND percent = 70"))
                .isEqualTo(1);
    }

    @Test
    void refusesWhatIsNotSignedOrNotTheirs() throws Exception {
        String body = event("0.72", "2026-09-20T01:00:00Z");

        assertThat(post(body, "", MEMBER.toString())).isEqualTo(401);
        assertThat(post(body, "zz", MEMBER.toString())).isEqualTo(401);
        assertThat(post(body, sign(body + " "), MEMBER.toString())).isEqualTo(401);
        assertThat(post(body, sign(body), UUID.randomUUID().toString())).isEqualTo(400);
        assertThat(post("no json", sign("no json"), MEMBER.toString())).isEqualTo(400);
        String large = " ".repeat(WebhookIntake.MOST_BYTES) + body;
        assertThat(post(large, sign(large), MEMBER.toString())).isEqualTo(413);
        assertThat(count("sahha_inbox")).isZero();
    }

    @Test
    void acceptsTheDocumentedCheckVector() throws Exception {
        String body = "{\"type\":\"sleep\",\"score\":0.72,\"externalId\":\"u-1\"}";

        assertThat(post(body, "614e091a845782c73c022d0675759fed2a51f4728586b184f4a2d13024cd6a45", "u-1"))
                .isEqualTo(204);
        assertThat(count("sahha_inbox")).isZero();
    }

    @Test
    void keepsNothingOfAMemberWhoWithdrew() throws Exception {
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> state().equals("active"));
        service.withdrawn(MEMBER);
        long scores = count("sahha_score");
        String body = event("0.01", "2027-01-01T00:00:00Z");

        assertThat(post(body, sign(body), MEMBER.toString())).isEqualTo(204);
        await().atMost(SOON).until(() -> count("sahha_inbox WHERE state = 'done'") == 1);
        assertThat(count("sahha_score")).isEqualTo(scores);
        assertThat(count("sahha_score WHERE percent = 1")).isZero();
        assertThat(recorder.states.getLast().connected()).isFalse();
    }

    @Test
    void anEventThatCannotBeReadDiesAfterItsAttemptsAndStopsNobody() {
        db.transaction(tx -> ProfileStore.consent(tx, MEMBER, clock.instant()));
        db.transaction(tx -> Inbox.put(
                tx,
                new byte[] {1},
                EventType.SCORE,
                MEMBER,
                "broken".getBytes(StandardCharsets.UTF_8),
                clock.instant()));
        InboxWorker worker = new InboxWorker(db, recorder, new RecordMeter(new SimpleMeterRegistry()), clock);
        for (int i = 0; i < Inbox.MOST_ATTEMPTS; i++) {
            db.execute(Sql.named("now", "UPDATE sahha_inbox SET due_at = received_at"), Params.none());
            worker.step();
        }
        assertThat(count("sahha_inbox WHERE state = 'dead' AND outcome = 'unreadable'"))
                .isEqualTo(1);
        assertThat(worker.step()).isFalse();
    }

    @Test
    void aRefreshAsksAtOnceAndSaysHowItWent() {
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.NOT_CONNECTED);
        service.consented(MEMBER);
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(state()).isEqualTo("active");
        assertThat(count("sahha_score")).isGreaterThan(100);

        sahha.control().fault(new SahhaFault.Slow(Duration.ofSeconds(30)));
        assertThat(service.refresh(MEMBER, Duration.ofMillis(300))).isEqualTo(SahhaRefresh.SLOW);
        sahha.control().fault(new SahhaFault.Status(500));
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.DOWN);
        assertThat(state()).isEqualTo("failing");

        sahha.control().fault(new SahhaFault.None());
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.REFRESHED);
        assertThat(state()).isEqualTo("active");
        service.withdrawn(MEMBER);
        assertThat(service.refresh(MEMBER, SOON)).isEqualTo(SahhaRefresh.NOT_CONNECTED);
    }

    private static String event(String score, String createdAt) {
        return "{\"id\":\"%s\",\"externalId\":\"%s\",\"type\":\"sleep\",\"score\":%s,\"state\":\"high\","
                        .formatted(UUID.randomUUID(), MEMBER, score)
                + "\"scoreDateTime\":\"2026-09-20T00:00:00+01:00\",\"createdAtUtc\":\"" + createdAt + "\"}";
    }

    private static String sign(String body) {
        return HexFormat.of()
                .formatHex(Digests.hmacSha256(Secret.of(WEBHOOK_SECRET), body.getBytes(StandardCharsets.UTF_8)));
    }

    private int post(String body, String signature, String externalId) throws Exception {
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

    private static void due() {
        db.execute(Sql.named("due", "UPDATE sahha_profile SET due_at = now() - interval '1 second'"), Params.none());
    }

    private static String state() {
        return db.first(
                        Sql.named("state", "SELECT state FROM sahha_profile"),
                        Params.none(),
                        row -> row.string("state"))
                .orElse("");
    }

    private static long count(String from) {
        return db.first(
                        Sql.named("count", "SELECT count(*) AS n FROM " + from),
                        Params.none(),
                        row -> row.longValue("n"))
                .orElseThrow();
    }
}
