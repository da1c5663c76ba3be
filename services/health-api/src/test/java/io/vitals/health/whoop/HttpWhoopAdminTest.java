package io.vitals.health.whoop;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What health-api asks for those who run Vitals, and how it reads the answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpWhoopAdminTest {
    private static final UUID MEMBER = UUID.fromString("7b3f0a52-2f0e-4a38-9a57-0c9f4f1f2a10");
    private static final UUID OPERATOR = UUID.fromString("7b3f0a52-2f0e-4a38-9a57-0c9f4f1f2a11");
    private static final Instant AT = Instant.parse("2026-11-22T08:00:00Z");
    private static final String ADMIN = "/internal/v1/admin";
    private StubWhoopService stub;
    private WhoopAdmin admin;

    @BeforeAll
    void start() throws Exception {
        stub = new StubWhoopService(routes -> routes.get(ADMIN + "/links/counts", (req, res) -> stub.answer(req, res))
                .get(ADMIN + "/links", (req, res) -> stub.answer(req, res))
                .get(ADMIN + "/coverage", (req, res) -> stub.answer(req, res))
                .get(ADMIN + "/quota", (req, res) -> stub.answer(req, res))
                .get(ADMIN + "/audit", (req, res) -> stub.answer(req, res))
                .get("/internal/v1/webhooks", (req, res) -> stub.answer(req, res))
                .post("/internal/v1/webhooks/replay", (req, res) -> stub.answer(req, res)));
        admin = new HttpWhoopAdmin(stub.client());
    }

    @AfterAll
    void stop() {
        stub.close();
    }

    @Test
    void links_are_counted_and_listed_page_by_page() {
        stub.will(200, "{\"states\":{\"active\":3,\"revoked\":0}}");
        assertThat(admin.linkCounts()).isEqualTo(Map.of("active", 3L, "revoked", 0L));

        stub.will(200, """
                {"links":[{"member":"7b3f0a52-2f0e-4a38-9a57-0c9f4f1f2a10","state":"refresh_failing","reason":"upstream",
                  "since":"2026-11-22T08:00:00Z","last_webhook_at":"2026-11-22T08:00:00Z","last_sync_at":null}],
                 "next":"7b3f0a52-2f0e-4a38-9a57-0c9f4f1f2a10"}""");
        WhoopAdmin.Links page = admin.links("refresh_failing", null, 20);
        assertThat(page.links())
                .containsExactly(new WhoopAdmin.Link(MEMBER, "refresh_failing", "upstream", AT, AT, null));
        assertThat(page.next()).isEqualTo(MEMBER);
        assertThat(stub.asked().target()).isEqualTo(ADMIN + "/links?state=refresh_failing&limit=20");

        stub.will(200, "{\"links\":[],\"next\":null}");
        assertThat(admin.links("refresh_failing", MEMBER, 20).next()).isNull();
        assertThat(stub.asked().target()).endsWith("&cursor=" + MEMBER);
    }

    @Test
    void a_census_says_of_how_many_it_speaks() {
        stub.will(200, """
                {"members":5,"asked":4,"days":[{"date":"2026-11-22","types":{"sleep":{"present":3,"absent":1}}}]}""");
        LocalDate day = LocalDate.of(2026, 11, 22);
        assertThat(admin.census(day.minusDays(1), day))
                .isEqualTo(new WhoopAdmin.Census(
                        5, 4, List.of(new WhoopAdmin.Day(day, Map.of("sleep", Map.of("present", 3L, "absent", 1L))))));
        assertThat(stub.asked().target()).isEqualTo(ADMIN + "/coverage?from=2026-11-21&to=2026-11-22");
    }

    @Test
    void the_budget_has_windows_and_lanes() {
        stub.will(200, """
                {"minute":{"limit":100,"used":7,"elsewhere":1},"day":{"limit":10000,"used":70,"elsewhere":0},
                 "lanes":[{"lane":"user","minute_allowance":100,"day_allowance":10000,"day_used":12}],
                 "blocked_until":null,"members":5,"requests_per_member":14.5,"capacity":689}""");
        WhoopAdmin.Quota quota = admin.quota();
        assertThat(quota.minute()).isEqualTo(new WhoopAdmin.Window(100, 7, 1));
        assertThat(quota.lanes()).containsExactly(new WhoopAdmin.Lane("user", 100, 10_000, 12));
        assertThat(quota.blockedUntil()).isNull();
        assertThat(quota.requestsPerMember()).isEqualTo(14.5);
        assertThat(quota.capacity()).isEqualTo(689);
    }

    @Test
    void the_audit_log_of_the_other_side_is_told_of() {
        stub.will(200, """
                {"state":"unknown","shards":64,"shards_used":3,"written":12,"verified_at":null,"verified":null,
                 "findings":null,"checkpoints":true,"checkpointed_at":"2026-11-22T08:00:00Z","checkpoint_age_seconds":4}""");
        assertThat(admin.audit()).satisfies(audit -> {
            assertThat(audit.state()).isEqualTo("unknown");
            assertThat(audit.verified()).isNull();
            assertThat(audit.checkpointedAt()).isEqualTo(AT);
            assertThat(audit.checkpointAgeSeconds()).isEqualTo(4);
        });
    }

    @Test
    void dead_letters_are_listed_and_replayed_in_the_name_of_who_asks() {
        stub.will(200, """
                {"events":[{"trace_id":"t-1","type":"sleep.updated","outcome":"not_storable","attempts":12,
                  "received_at":"2026-11-22T08:00:00Z"}],"next":41}""");
        WhoopAdmin.DeadLetters letters = admin.deadLetters(40L, 1);
        assertThat(letters.events())
                .containsExactly(new WhoopAdmin.DeadLetter("t-1", "sleep.updated", "not_storable", 12, AT));
        assertThat(letters.next()).isEqualTo(41);
        assertThat(stub.asked().target()).isEqualTo("/internal/v1/webhooks?limit=1&after=40");

        stub.will(200, "{\"events\":2}");
        assertThat(admin.replay(new WhoopAdmin.Replay(null, AT, AT.plusSeconds(60), true, OPERATOR)))
                .isEqualTo(2);
        assertThat(stub.asked().method()).isEqualTo("POST");
        assertThat(stub.asked().body())
                .contains("\"from\":\"2026-11-22T08:00:00Z\"", "\"to\":\"2026-11-22T08:01:00Z\"", "\"dry_run\":true")
                .contains("\"operator\":\"" + OPERATOR + "\"");
    }

    @Test
    void a_refusal_is_unavailable_and_tells_nothing_of_the_answer() {
        stub.will(500, "{\"detail\":\"member 41a5\"}");
        assertThatThrownBy(admin::quota)
                .isInstanceOf(WhoopUnavailableException.class)
                .hasMessageNotContaining("41a5");
        stub.will(200, "[]");
        assertThatThrownBy(admin::linkCounts).isInstanceOf(WhoopUnavailableException.class);
    }
}
