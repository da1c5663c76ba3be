package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.support.EventBodies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private RunningService service;

    @BeforeAll
    void start() {
        service = RunningService.start();
    }

    @AfterAll
    void stop() {
        service.close();
        http.close();
    }

    @Test
    void aNewSleepIsStoredWithItsRecoveryAndItsNewCycle() {
        UUID member = connected(1);
        var sleep = service.whoop().control().newSleep(1).sleep();

        await().atMost(SOON).untilAsserted(() -> {
            JsonNode day = StoredDays.ofSleep(service, member, sleep.id());
            assertThat(day.path("recovery").path("sleep_id").asText())
                    .isEqualTo(sleep.id().toString());
            assertThat(day.path("cycle").path("id").asLong()).isEqualTo(sleep.cycleId());
        });
        assertThat(service.link(member).path("last_webhook_at").isTextual()).isTrue();
    }

    @Test
    void aRepeatedDeliveryIsAnsweredAlikeAndKeptOnce() throws Exception {
        connected(2);
        String body = EventBodies.event(userId(2), UUID.randomUUID(), "sleep.updated", UUID.randomUUID());

        assertThat(deliver(body).statusCode()).isEqualTo(204);
        assertThat(deliver(body).statusCode()).isEqualTo(204);

        assertThat(service.database()
                        .first(
                                Sql.named(
                                        "test-inbox",
                                        "SELECT count(*) AS n FROM webhook_inbox WHERE trace_id = :trace"),
                                Params.of(
                                        "trace",
                                        io.vitals.kit.json.Json.tree(body.getBytes(StandardCharsets.UTF_8))
                                                .path("trace_id")
                                                .asText()),
                                row -> row.longValue("n")))
                .contains(1L);
    }

    @Test
    void aDeliveryThatWhoopDidNotSignIsRefused() throws Exception {
        String body = EventBodies.event(1, UUID.randomUUID(), "sleep.updated", UUID.randomUUID());
        String now = Long.toString(System.currentTimeMillis());
        String good = sign(now, body);

        assertThat(post(body, now, sign(now, body + " ")).statusCode()).isEqualTo(401);
        assertThat(post(body, now, "%%%").statusCode()).isEqualTo(401);
        assertThat(post(body.replace("sleep", "sleeq"), now, good).statusCode()).isEqualTo(401);
        assertThat(post(body, Long.toString(Long.parseLong(now) + 1), good).statusCode())
                .isEqualTo(401);
        String old = Long.toString(Instant.now().minus(Duration.ofHours(25)).toEpochMilli());
        assertThat(post(body, old, sign(old, body)).statusCode()).isEqualTo(401);
        // The positive control: the same delivery, unspoilt.
        assertThat(post(body, now, good).statusCode()).isEqualTo(204);
    }

    @Test
    void aBodyThatIsNoEventIsRefusedEvenIfSigned() throws Exception {
        for (String body : new String[] {
            "{}",
            "not json",
            EventBodies.event(1, UUID.randomUUID(), "sleep.updated", UUID.randomUUID())
                    .replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"../../v2/user/access\""),
        }) {
            assertThat(deliver(body).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void anEventForAnAccountNobodyLinkedWaitsAndIsWorkedOffOnceLinked() throws Exception {
        UUID sleep =
                service.whoop().control().people().member(3).sleeps().getFirst().id();
        assertThat(deliver(EventBodies.event(userId(3), sleep, "sleep.updated", UUID.randomUUID()))
                        .statusCode())
                .isEqualTo(204);
        await().atMost(SOON).until(() -> inbox(sleep).equals("parked"));

        service.connect(3);

        await().atMost(SOON).until(() -> inbox(sleep).equals("done"));
    }

    @Test
    void aDeletedWorkoutGoesAndALateUpdateDoesNotBringItBack() throws Exception {
        UUID member = connected(4);
        UUID workout = await().atMost(SOON).until(() -> StoredDays.anyWorkout(service, member), found -> found != null);

        assertThat(service.whoop().control().delete(4, workout)).isTrue();
        await().atMost(SOON).until(() -> !StoredDays.hasWorkout(service, member, workout));
        deliver(EventBodies.event(userId(4), workout, "workout.updated", UUID.randomUUID()));

        await().atMost(SOON)
                .until(() -> service.database()
                                .first(
                                        Sql.named(
                                                "test-late",
                                                "SELECT count(*) AS n FROM webhook_inbox WHERE object_id = :id AND type = 'workout.updated' AND state = 'done'"),
                                        Params.of("id", workout),
                                        row -> row.longValue("n"))
                                .orElse(0L)
                        >= 1);
        assertThat(StoredDays.hasWorkout(service, member, workout)).isFalse();
    }

    @Test
    void refusalsAndFailuresOfWhoopDelayAnEventButLoseNothing() {
        UUID member = connected(5);
        service.whoop().control().failNext(Set.of(WhoopEndpoint.SLEEP), 2, new WhoopFault.Refuse(500));
        service.whoop().control().failNext(Set.of(WhoopEndpoint.RECOVERY), 1, new WhoopFault.BrokenJson());
        var sleep = service.whoop().control().newSleep(5).sleep();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(StoredDays.ofSleep(service, member, sleep.id())
                                .path("recovery")
                                .isObject())
                        .isTrue());
    }

    @Test
    void anEventHeldByAWorkerThatDiedComesBack() {
        UUID member = connected(6);
        var sleep = service.whoop().control().people().member(6).sleeps().getFirst();
        UUID trace = UUID.randomUUID();
        // What a killed process leaves: claimed, not finished.
        service.database()
                .execute(
                        Sql.named("test-orphan", """
                                INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, attempts, due_at, claim_id, claim_until)
                                VALUES (:trace, :user, :id, 'sleep.updated', now(), now(), 'pending', 1, now() + INTERVAL '1 second', :claim, now() + INTERVAL '1 second')"""),
                        Params.of(
                                "trace",
                                trace.toString(),
                                "user",
                                userId(6),
                                "id",
                                sleep.id(),
                                "claim",
                                UUID.randomUUID()));

        await().atMost(SOON).until(() -> inbox(sleep.id()).equals("done"));
        assertThat(member).isNotNull();
    }

    @Test
    void anOperatorSeesDeadEventsAndReplaysThemThroughTheInternalApi() throws Exception {
        UUID member = connected(7);
        var sleep = service.whoop().control().people().member(7).sleeps().getFirst();
        String trace = UUID.randomUUID().toString();
        service.database()
                .execute(Sql.named("test-dead", """
                                INSERT INTO webhook_inbox (trace_id, whoop_user_id, object_id, type, sent_at, received_at, state, attempts, due_at, outcome, finished_at)
                                VALUES (:trace, :user, :id, 'sleep.updated', now(), now(), 'dead', 8, now(), 'timeout', now())"""), Params.of("trace", trace, "user", userId(7), "id", sleep.id()));

        JsonNode listed = service.get("/internal/v1/webhooks", "state", "dead").path("events");
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("trace_id").asText()).isEqualTo(trace);
        assertThat(listed.get(0).path("outcome").asText()).isEqualTo("timeout");
        assertThat(listed.get(0).has("whoop_user_id")).isFalse();

        String path = "/internal/v1/webhooks/replay";
        assertThat(service.post(path, java.util.Map.of("trace_id", trace, "state", "dead"))
                        .status())
                .isEqualTo(400);
        assertThat(service.post(path, java.util.Map.of("from", "yesterday", "to", "today"))
                        .status())
                .isEqualTo(400);
        assertThat(service.post(path, java.util.Map.of()).status()).isEqualTo(400);
        assertThat(replayed(path, java.util.Map.of("trace_id", trace, "dry_run", true)))
                .isEqualTo(1);
        assertThat(service.get("/internal/v1/webhooks").path("events")).hasSize(1);
        assertThat(replayed(
                        path,
                        java.util.Map.of(
                                "from",
                                Instant.now().minusSeconds(600).toString(),
                                "to",
                                Instant.now().plusSeconds(600).toString())))
                .isEqualTo(1);

        await().atMost(SOON).until(() -> inbox(sleep.id()).equals("done"));
        assertThat(service.get("/internal/v1/webhooks").path("events")).isEmpty();
        assertThat(member).isNotNull();
        // Without a signature nobody gets that far.
        assertThat(http.send(
                                HttpRequest.newBuilder(service.internalUrl().resolve(path))
                                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(401);
    }

    private long replayed(String path, java.util.Map<String, Object> body) {
        var answer = service.post(path, new java.util.HashMap<>(body));
        assertThat(answer.status()).isEqualTo(200);
        return io.vitals.kit.json.Json.tree(answer.body()).path("events").asLong();
    }

    private UUID connected(int account) {
        UUID member = service.connect(account);
        await().atMost(SOON).until(() -> Rows.settled(service, member));
        return member;
    }

    private long userId(int account) {
        return service.whoop().control().people().member(account).profile().userId();
    }

    private String inbox(UUID object) {
        return service.database()
                .first(
                        Sql.named(
                                "test-inbox-state",
                                "SELECT state FROM webhook_inbox WHERE object_id = :id ORDER BY id DESC"),
                        Params.of("id", object),
                        row -> row.string("state"))
                .orElse("");
    }

    private HttpResponse<String> deliver(String body) throws Exception {
        String now = Long.toString(System.currentTimeMillis());
        return post(body, now, sign(now, body));
    }

    private static String sign(String timestamp, String body) {
        return Base64.getEncoder()
                .encodeToString(Digests.hmacSha256(
                        Secret.of(RunningService.CLIENT_SECRET),
                        timestamp.getBytes(StandardCharsets.US_ASCII),
                        body.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> post(String body, String timestamp, String signature) throws Exception {
        return http.send(
                HttpRequest.newBuilder(service.webhookUrl())
                        .header("Content-Type", "application/json")
                        .header("X-WHOOP-Signature", signature)
                        .header("X-WHOOP-Signature-Timestamp", timestamp)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
