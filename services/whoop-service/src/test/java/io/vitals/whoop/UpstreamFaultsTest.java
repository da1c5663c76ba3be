package io.vitals.whoop;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * WHOOP misbehaves at every endpoint while members connect, sleep and ask for their data. Whatever it does, no work is lost, and what has piled
 * up is done when it is over.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** So that an answer that is only late is late soon. */
    static final Duration SHORT_DEADLINE = Duration.ofMillis(700);

    private static final Set<WhoopEndpoint> DATA = EnumSet.of(
            WhoopEndpoint.CYCLE,
            WhoopEndpoint.RECOVERY,
            WhoopEndpoint.SLEEP,
            WhoopEndpoint.WORKOUT,
            WhoopEndpoint.PROFILE,
            WhoopEndpoint.BODY);

    private static final Set<WhoopEndpoint> PAGED =
            EnumSet.of(WhoopEndpoint.CYCLE, WhoopEndpoint.RECOVERY, WhoopEndpoint.SLEEP, WhoopEndpoint.WORKOUT);

    private static final Sql LEFT_OVER = Sql.named("test-left-over", """
            SELECT (SELECT count(*) FROM webhook_inbox WHERE state NOT IN ('done', 'ignored'))
                 + (SELECT count(*) FROM sync_cursor WHERE complete_to IS NULL OR window_from IS NOT NULL OR last_error IS NOT NULL) AS n""");

    private static final Sql DEAD =
            Sql.named("test-dead", "SELECT count(*) AS n FROM webhook_inbox WHERE state = 'dead'");

    private RunningService service;
    private WhoopControl whoop;
    private int members;

    @BeforeAll
    void start() {
        service = RunningService.start();
        whoop = service.whoop().control();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /** An outage: everything fails until it is over. The breaker opens, so that no job can use its attempts up, and closes again. */
    @ParameterizedTest
    @ValueSource(strings = {"500", "503", "slow", "cut"})
    void anOutageIsWaitedOut(String kind) {
        int account = ++members;
        UUID member = connect(account);
        URI api = service.whoop().apiBaseUrl();
        if (kind.equals("slow")) {
            service.restart(api, SHORT_DEADLINE);
        }
        whoop.failFor(DATA, Duration.ofHours(1), fault(kind));
        work(member, account);
        await().atMost(SOON).until(() -> circuit("open") == 1);
        long before = whoop.figures().faults();
        // Two rests of the breaker and more: it tried again, and it was no better.
        await().atMost(SOON).until(() -> whoop.figures().faults() >= before + 2);
        assertThat(count(DEAD)).isZero();

        whoop.clearFaults();
        if (kind.equals("slow")) {
            service.restart(api, DEADLINE);
        }

        await().atMost(SOON).until(() -> circuit("closed") == 1 && count(LEFT_OVER) == 0);
        assertEverythingIsThere(member, account);
    }

    /** Answers of no use, a few at each endpoint, in the middle of what is fetched. */
    @ParameterizedTest
    @ValueSource(strings = {"wrong json", "wrong type", "empty", "redirect", "401"})
    void answersOfNoUseAreAskedForAgain(String kind) {
        int account = ++members;
        WhoopFault fault = fault(kind);
        // The first answer of everything; the profile is needed to connect.
        for (WhoopEndpoint endpoint :
                EnumSet.complementOf(EnumSet.of(WhoopEndpoint.TOKEN, WhoopEndpoint.ACCESS, WhoopEndpoint.PROFILE))) {
            whoop.failNext(Set.of(endpoint), 1, fault);
        }
        UUID member = connect(account);
        whoop.failNext(Set.of(WhoopEndpoint.PROFILE), 1, fault);
        work(member, account);

        await().atMost(SOON).until(() -> {
            if (!whoop.orderedFaults().isEmpty()) {
                service.post("/internal/v1/sync/" + member, Map.of());
            }
            return whoop.orderedFaults().isEmpty() && count(LEFT_OVER) == 0;
        });
        assertEverythingIsThere(member, account);
        assertThat(circuit("closed")).isEqualTo(1);
    }

    /** The second of several pages, of every kind of record that comes in pages. */
    @ParameterizedTest
    @ValueSource(strings = {"401", "wrong json", "wrong type", "empty", "redirect", "cut", "500", "503"})
    void aWindowGoesOnBehindThePageThatFailed(String kind) {
        try (RunningService paged = RunningService.start(ServiceTuning.LONG_FIRST_WALK)) {
            WhoopControl here = paged.whoop().control();
            for (WhoopEndpoint endpoint : PAGED) {
                here.failAfter(1, Set.of(endpoint), 1, fault(kind));
            }

            UUID member = paged.connect(1);

            await().atMost(SOON)
                    .until(() -> here.orderedFaults().isEmpty()
                            && Rows.count(
                                            paged.database(),
                                            "SELECT count(*) AS n FROM sync_cursor WHERE member_id = :member AND complete_to IS NOT NULL",
                                            member)
                                    == 6);
            // One run a kind, to its end, with more than one page; what came twice would be counted as unchanged.
            assertThat(Rows.count(paged.database(), """
                            SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'backfill' AND outcome = 'success'
                              AND pages > 1 AND unchanged = 0 AND failed = 0""", member)).isEqualTo(PAGED.size());
            assertThat(here.figures().familyRevocations()).isZero();
        }
    }

    /** The control: what the breaker is for. */
    @Test
    void withoutABreakerAnOutageWouldCostTheWork() {
        try (RunningService open = RunningService.start(ServiceTuning.WITHOUT_BREAKER)) {
            UUID member = open.connect(1);
            open.whoop().control().failFor(DATA, Duration.ofHours(1), new WhoopFault.Refuse(500));
            open.whoop().control().newSleep(1);

            await().atMost(SOON)
                    .until(() -> open.database()
                                    .first(DEAD, Params.none(), row -> row.longValue("n"))
                                    .orElse(0L)
                            > 0);
            assertThat(open.registry()
                            .get("whoop.client.circuit.state")
                            .tag("state", "closed")
                            .gauge()
                            .value())
                    .isEqualTo(1);
            assertThat(open.link(member).path("state").asText()).isEqualTo("active");
        }
    }

    @Test
    void aRefusalForTheQuotaIsWaitedOut() {
        int account = ++members;
        UUID member = connect(account);
        for (WhoopEndpoint endpoint : DATA) {
            whoop.failNext(Set.of(endpoint), 1, new WhoopFault.Refuse(429));
        }
        work(member, account);
        await().atMost(SOON)
                .until(() -> count(Sql.named(
                                "test-blocked",
                                "SELECT count(*) AS n FROM quota WHERE blocked_until > clock_timestamp()"))
                        == 1);
        assertThat(count(DEAD)).isZero();

        await().atMost(SOON).until(() -> {
            theMinuteIsOver();
            if (!whoop.orderedFaults().isEmpty()) {
                service.post("/internal/v1/sync/" + member, Map.of());
            }
            return whoop.orderedFaults().isEmpty() && count(LEFT_OVER) == 0;
        });
        assertThat(count(DEAD)).isZero();
        assertEverythingIsThere(member, account);
    }

    @Test
    void aWhoopThatIsNotThereIsWaitedFor() {
        int account = ++members;
        UUID member = connect(account);
        await().atMost(SOON).until(() -> count(LEFT_OVER) == 0);
        URI api = service.whoop().apiBaseUrl();
        for (URI nowhere : new URI[] {
            // No such name, and a server that does not speak TLS.
            URI.create("http://whoop.invalid/developer"),
            URI.create(api.toString().replace("http:", "https:"))
        }) {
            service.restart(nowhere, SHORT_DEADLINE);
            work(member, account);
            await().atMost(SOON).until(() -> circuit("open") == 1 || circuit("half_open") == 1);
            assertThat(count(DEAD)).isZero();
        }

        service.restart(api, DEADLINE);

        await().atMost(SOON).until(() -> count(LEFT_OVER) == 0);
        assertEverythingIsThere(member, account);
    }

    static WhoopFault fault(String kind) {
        return switch (kind) {
            case "slow" -> new WhoopFault.Slow(SHORT_DEADLINE.multipliedBy(2));
            case "cut" -> new WhoopFault.CutBody();
            case "wrong json" -> new WhoopFault.BrokenJson();
            case "wrong type" -> new WhoopFault.WrongShape();
            case "empty" -> new WhoopFault.EmptyBody();
            case "redirect" -> new WhoopFault.Redirect();
            default -> new WhoopFault.Refuse(Integer.parseInt(kind));
        };
    }

    private UUID connect(int account) {
        await().atMost(SOON).until(() -> circuit("closed") == 1);
        return service.connect(account);
    }

    /** A night that WHOOP tells of, and a request for everything else. */
    private void work(UUID member, int account) {
        whoop.newSleep(account);
        service.post("/internal/v1/sync/" + member, Map.of());
    }

    private void assertEverythingIsThere(UUID member, int account) {
        assertThat(count(DEAD)).isZero();
        var night = whoop.people().member(account).sleeps().getFirst();
        for (String table : new String[] {"cycle", "recovery", "sleep", "workout", "profile", "body"}) {
            assertThat(Rows.count(
                            service.database(),
                            "SELECT count(*) AS n FROM " + table + " WHERE member_id = :member",
                            member))
                    .as(table)
                    .isPositive();
        }
        assertThat(service.database()
                        .first(
                                Sql.named("test-night", "SELECT 1 AS n FROM sleep WHERE id = :id"),
                                Params.of("id", night.id()),
                                row -> row.longValue("n")))
                .isPresent();
    }

    /** What the end of WHOOP's minute would do, which nobody waits for here. */
    private void theMinuteIsOver() {
        service.database().execute(Sql.named("test-unblock", "UPDATE quota SET blocked_until = NULL"), Params.none());
        service.database()
                .execute(
                        Sql.named(
                                "test-cursors-due",
                                "UPDATE sync_cursor SET due_at = least(due_at, clock_timestamp())"
                                        + " WHERE complete_to IS NULL OR window_from IS NOT NULL"),
                        Params.none());
        service.database()
                .execute(
                        Sql.named(
                                "test-events-due",
                                "UPDATE webhook_inbox SET due_at = least(due_at, clock_timestamp()) WHERE state = 'pending'"
                                        + " AND claim_id IS NULL"),
                        Params.none());
    }

    private double circuit(String state) {
        return service.registry()
                .get("whoop.client.circuit.state")
                .tag("state", state)
                .gauge()
                .value();
    }

    private long count(Sql sql) {
        return service.database()
                .first(sql, Params.none(), row -> row.longValue("n"))
                .orElse(0L);
    }
}
