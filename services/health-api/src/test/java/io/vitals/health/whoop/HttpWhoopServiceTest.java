package io.vitals.health.whoop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

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
    private StubWhoopService stub;
    private WhoopService whoop;

    @BeforeAll
    void start() throws Exception {
        stub = new StubWhoopService(
                routes -> routes.get("/internal/v1/days/{member}", (req, res) -> stub.answer(req, res))
                        .get("/internal/v1/links/{member}", (req, res) -> stub.answer(req, res))
                        .get("/internal/v1/changes", (req, res) -> stub.answer(req, res))
                        .post("/internal/v1/sync/{member}", (req, res) -> stub.answer(req, res))
                        .post("/internal/v1/links/{member}/callback", (req, res) -> stub.answer(req, res)));
        whoop = new HttpWhoopService(stub.client(), stub.client());
    }

    @AfterAll
    void stop() {
        stub.close();
    }

    @Test
    void a_day_keeps_every_value_and_null_stays_unknown() {
        stub.will(200, """
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
        stub.will(200, """
                {"state":"refresh_failing","reason":"upstream","since":"2026-11-22T08:00:00Z","scopes":["offline"],
                 "last_webhook_at":null,"last_sync_at":null,
                 "sync":{"state":"backfilling","from":"2026-10-24","to":"2026-11-22","days_total":30,"days_done":4}}""");
        WhoopLink link = whoop.link(MEMBER);
        assertThat(link.state()).isEqualTo(WhoopLink.State.REFRESH_FAILING);
        assertThat(link.sync())
                .isNotNull()
                .satisfies(sync -> assertThat(sync.daysDone()).isEqualTo(4));
        stub.will(
                200,
                "{\"changes\":[{\"member\":\"" + MEMBER + "\",\"date\":null,\"kind\":\"link\"}],\"cursor\":\"c1\"}");
        WhoopChanges page = whoop.changes("c0", Duration.ofSeconds(1), 10);
        assertThat(page.cursor()).isEqualTo("c1");
        assertThat(page.changes()).containsExactly(new WhoopChanges.Change(MEMBER, null, "link", null));
    }

    @Test
    void a_sync_says_how_it_went() {
        stub.will(200, "{\"state\":\"current\",\"reason\":null}");
        assertThat(whoop.sync(MEMBER, Duration.ofSeconds(1))).isEqualTo(new WhoopSync(WhoopSync.State.CURRENT, null));
        stub.will(200, "{\"state\":\"deferred\",\"reason\":\"quota\"}");
        assertThat(whoop.sync(MEMBER, Duration.ZERO)).isEqualTo(new WhoopSync(WhoopSync.State.DEFERRED, "quota"));
        stub.willRefuse(404, "not-found");
        assertThat(whoop.sync(MEMBER, Duration.ZERO).state()).isEqualTo(WhoopSync.State.UNLINKED);
        stub.willRefuse(503, "unavailable");
        assertThatThrownBy(() -> whoop.sync(MEMBER, Duration.ZERO)).isInstanceOf(WhoopUnavailableException.class);
    }

    @Test
    void each_problem_of_a_callback_is_an_outcome() {
        LinkCallback callback = new LinkCallback("s", "b", "c", null);
        stub.willRefuse(400, "link-state-invalid");
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.INVALID);
        stub.willRefuse(403, "link-denied");
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.DENIED);
        stub.willRefuse(502, "link-exchange-failed");
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.FAILED);
        stub.willRefuse(409, "whoop-account-linked-elsewhere");
        assertThat(whoop.finishLink(MEMBER, callback)).isEqualTo(LinkOutcome.ELSEWHERE);
    }

    @Test
    void anything_else_is_unavailable_and_tells_nothing() {
        stub.will(500, "{\"detail\":\"hrv 61.5\"}");
        assertThatThrownBy(() -> whoop.link(MEMBER))
                .isInstanceOf(WhoopUnavailableException.class)
                .hasMessageNotContaining("61.5");
        stub.will(200, "<html>");
        assertThatThrownBy(() -> whoop.link(MEMBER)).isInstanceOf(WhoopUnavailableException.class);
    }
}
