package io.vitals.health.whoop;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import io.helidon.tracing.Tracer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.signing.RequestSigner;
import io.vitals.kit.signing.RequestVerifier;
import io.vitals.kit.signing.SignatureFilter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The client against the internal API's shapes, with the signature verified as whoop-service does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpWhoopServiceTest {
    private static final UUID MEMBER = UUID.fromString("7b3f0a52-2f0e-4a38-9a57-0c9f4f1f2a10");
    private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
    private HttpServer server;
    private OutboundClient client;
    private WhoopService whoop;
    private volatile int status = 200;
    private volatile String body = "{}";

    @BeforeAll
    void start() throws Exception {
        SecureRandom random = new SecureRandom();
        OctetKeyPair key =
                new OctetKeyPairGenerator(Curve.Ed25519).keyID("health-api").generate();
        RequestVerifier verifier = RequestVerifier.fromJwkSet(
                Secret.of(new JWKSet(key.toPublicJWK()).toString()), (nonce, expires) -> true, Clock.systemUTC());
        server = HttpServer.builder(HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), random)
                .listener("internal", new ListenerSettings("127.0.0.1", 0), DataSize.parse("64KiB"), routes -> {
                    routes.filter(new SignatureFilter(verifier, new SimpleMeterRegistry()));
                    routes.get("/internal/v1/days/{member}", this::answer)
                            .get("/internal/v1/links/{member}", this::answer)
                            .get("/internal/v1/changes", this::answer)
                            .post("/internal/v1/sync/{member}", this::answer)
                            .post("/internal/v1/links/{member}/callback", this::answer);
                })
                .build()
                .start();
        client = HttpWhoopService.client("whoop-service", URI.create("http://127.0.0.1:" + server.port("internal")))
                .deadline(Duration.ofSeconds(5))
                .signer(RequestSigner.fromJwk(Secret.of(key.toJSONString()), Clock.systemUTC(), random))
                .build(new SimpleMeterRegistry(), Tracer.noOp());
        whoop = new HttpWhoopService(client, client);
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private void answer(ServerRequest request, ServerResponse response) {
        Replies.json(response, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private void will(int nextStatus, String nextBody) {
        status = nextStatus;
        body = nextBody;
    }

    @Test
    void a_day_keeps_every_value_and_null_stays_unknown() {
        will(200, """
                {"days":[{"date":"2026-11-22","version":7,
                 "cycle":{"id":1,"start":"2026-11-21T22:10:00Z","end":null,"timezone_offset":"+01:00","score_state":"SCORED",
                  "strain":0.0,"kilojoule":8123.5,"average_heart_rate":61.5,"max_heart_rate":142.0,
                  "updated_at":"2026-11-22T08:00:00Z","fetched_at":"2026-11-22T08:00:01Z","multi_day":false},
                 "recovery":{"cycle_id":1,"sleep_id":"s","score_state":"PENDING_SCORE","user_calibrating":null,
                  "recovery_score":null,"resting_heart_rate":null,"hrv_rmssd_milli":null,"spo2_percentage":null,
                  "skin_temp_celsius":null,"updated_at":"2026-11-22T08:00:00Z","fetched_at":"2026-11-22T08:00:01Z"},
                 "sleeps":[],"workouts":[],"body":null}]}""");
        WhoopDay day = whoop.days(MEMBER, DAY, DAY).getFirst();
        assertThat(day.cycle()).isNotNull().satisfies(cycle -> {
            assertThat(cycle.strain()).isZero();
            assertThat(cycle.end()).isNull();
            assertThat(cycle.maxHeartRate()).isEqualTo(142.0);
        });
        assertThat(day.recovery()).isNotNull().satisfies(recovery -> {
            assertThat(recovery.recoveryScore()).isNull();
            assertThat(recovery.spo2Percentage()).isNull();
        });
    }

    @Test
    void links_and_changes_are_read_by_their_names() {
        will(200, """
                {"state":"refresh_failing","reason":"upstream","since":"2026-11-22T08:00:00Z","scopes":["offline"],
                 "last_webhook_at":null,"last_sync_at":null,
                 "sync":{"state":"backfilling","from":"2026-10-24","to":"2026-11-22","days_total":30,"days_done":4}}""");
        WhoopLink link = whoop.link(MEMBER);
        assertThat(link.state()).isEqualTo(WhoopLink.State.REFRESH_FAILING);
        assertThat(link.sync())
                .isNotNull()
                .satisfies(sync -> assertThat(sync.daysDone()).isEqualTo(4));
        will(200, "{\"changes\":[{\"member\":\"" + MEMBER + "\",\"date\":null,\"kind\":\"link\"}],\"cursor\":\"c1\"}");
        WhoopChanges page = whoop.changes("c0", Duration.ofSeconds(1), 10);
        assertThat(page.cursor()).isEqualTo("c1");
        assertThat(page.changes()).containsExactly(new WhoopChanges.Change(MEMBER, null, "link"));
    }

    @Test
    void a_sync_says_how_it_went() {
        will(200, "{\"state\":\"current\",\"reason\":null}");
        assertThat(whoop.sync(MEMBER, Duration.ofSeconds(1))).isEqualTo(new WhoopSync(WhoopSync.State.CURRENT, null));
        will(200, "{\"state\":\"deferred\",\"reason\":\"quota\"}");
        assertThat(whoop.sync(MEMBER, Duration.ZERO)).isEqualTo(new WhoopSync(WhoopSync.State.DEFERRED, "quota"));
        will(404, problem("not-found"));
        assertThat(whoop.sync(MEMBER, Duration.ZERO).state()).isEqualTo(WhoopSync.State.UNLINKED);
        will(503, problem("unavailable"));
        assertThatThrownBy(() -> whoop.sync(MEMBER, Duration.ZERO)).isInstanceOf(WhoopUnavailableException.class);
    }

    @Test
    void each_problem_of_a_callback_is_an_outcome() {
        LinkCallback callback = new LinkCallback("s", "b", "c", null);
        will(400, problem("link-state-invalid"));
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.INVALID);
        will(403, problem("link-denied"));
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.DENIED);
        will(502, problem("link-exchange-failed"));
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.FAILED);
        will(409, problem("whoop-account-linked-elsewhere"));
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.ELSEWHERE);
    }

    @Test
    void anything_else_is_unavailable_and_tells_nothing() {
        will(500, "{\"detail\":\"hrv 61.5\"}");
        assertThatThrownBy(() -> whoop.link(MEMBER))
                .isInstanceOf(WhoopUnavailableException.class)
                .hasMessageNotContaining("61.5");
        will(200, "<html>");
        assertThatThrownBy(() -> whoop.link(MEMBER)).isInstanceOf(WhoopUnavailableException.class);
    }

    private static String problem(String slug) {
        return "{\"type\":\"urn:vitals:problem:" + slug + "\"}";
    }
}
