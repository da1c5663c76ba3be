package io.vitals.whoop;

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
    private static final Duration SOON = FaultScene.SOON;

    private static final Set<WhoopEndpoint> DATA = EnumSet.of(
            WhoopEndpoint.CYCLE,
            WhoopEndpoint.RECOVERY,
            WhoopEndpoint.SLEEP,
            WhoopEndpoint.WORKOUT,
            WhoopEndpoint.PROFILE,
            WhoopEndpoint.BODY);

    private static final Set<WhoopEndpoint> PAGED =
            EnumSet.of(WhoopEndpoint.CYCLE, WhoopEndpoint.RECOVERY, WhoopEndpoint.SLEEP, WhoopEndpoint.WORKOUT);

    private FaultScene scene;
    private RunningService service;
    private WhoopControl whoop;
    private int members;

    /** Where every kind of record comes on several pages. */
    private RunningService paged;

    private int pagedMembers;

    @BeforeAll
    void start() {
        scene = new FaultScene();
        service = scene.service();
        whoop = scene.whoop();
        paged = RunningService.start(ServiceTuning.LONG_FIRST_WALK);
    }

    @AfterAll
    void stop() {
        paged.close();
        scene.close();
    }

    /** An outage: everything fails until it is over. The breaker opens, so that no job can use its attempts up, and closes again. */
    @ParameterizedTest
    @ValueSource(strings = {"500", "503", "slow", "cut"})
    void anOutageIsWaitedOut(String kind) {
        int account = ++members;
        UUID member = connect(account);
        if (kind.equals("slow")) {
            scene.restart(FaultScene.SHORT_DEADLINE);
        }
        whoop.failFor(DATA, Duration.ofHours(1), FaultScene.fault(kind));
        work(member, account);
        await().atMost(SOON).until(() -> circuit("open"));
        long before = whoop.figures().faults();
        // Two rests of the breaker and more: it tried again, and it was no better.
        await().atMost(SOON).until(() -> whoop.figures().faults() >= before + 2);
        assertThat(scene.dead()).isZero();

        whoop.clearFaults();
        if (kind.equals("slow")) {
            scene.restart(FaultScene.DEADLINE);
        }

        await().atMost(SOON).until(() -> circuit("closed") && scene.leftOver() == 0);
        assertEverythingIsThere(member, account);
    }

    /** Answers of no use, a few at each endpoint, in the middle of what is fetched. */
    @ParameterizedTest
    @ValueSource(strings = {"wrong json", "wrong type", "empty", "redirect", "401"})
    void answersOfNoUseAreAskedForAgain(String kind) {
        int account = ++members;
        WhoopFault fault = FaultScene.fault(kind);
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
            return whoop.orderedFaults().isEmpty() && scene.leftOver() == 0;
        });
        assertEverythingIsThere(member, account);
        assertThat(circuit("closed")).isTrue();
    }

    /** The second of several pages, of every kind of record that comes in pages. */
    @ParameterizedTest
    @ValueSource(strings = {"401", "wrong json", "wrong type", "empty", "redirect", "cut", "500", "503"})
    void aWindowGoesOnBehindThePageThatFailed(String kind) {
        WhoopControl here = paged.whoop().control();
        for (WhoopEndpoint endpoint : PAGED) {
            here.failAfter(1, Set.of(endpoint), 1, FaultScene.fault(kind));
        }

        UUID member = paged.connect(++pagedMembers);

        await().atMost(SOON).until(() -> here.orderedFaults().isEmpty() && Rows.fetched(paged, member));
        // One run a kind, to its end, with more than one page; what came twice would be counted as unchanged.
        assertThat(Rows.count(paged.database(), """
                        SELECT count(*) AS n FROM sync_run WHERE member_id = :member AND trigger = 'backfill' AND outcome = 'success'
                          AND pages > 1 AND unchanged = 0 AND failed = 0""", member)).isEqualTo(PAGED.size());
        assertThat(here.figures().familyRevocations()).isZero();
    }

    /** The control: what the breaker is for. */
    @Test
    void withoutABreakerAnOutageWouldCostTheWork() {
        try (RunningService open = RunningService.start(ServiceTuning.WITHOUT_BREAKER)) {
            UUID member = open.connect(1);
            open.whoop().control().failFor(DATA, Duration.ofHours(1), new WhoopFault.Refuse(500));
            open.whoop().control().newSleep(1);

            await().atMost(SOON).until(() -> Rows.number(open.database(), FaultScene.DEAD) > 0);
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
                .until(() ->
                        scene.number("SELECT count(*) AS n FROM quota WHERE blocked_until > clock_timestamp()") == 1);
        assertThat(scene.dead()).isZero();

        await().atMost(SOON).until(() -> {
            theMinuteIsOver();
            if (!whoop.orderedFaults().isEmpty()) {
                service.post("/internal/v1/sync/" + member, Map.of());
            }
            return whoop.orderedFaults().isEmpty() && scene.leftOver() == 0;
        });
        assertThat(scene.dead()).isZero();
        assertEverythingIsThere(member, account);
    }

    @Test
    void aWhoopThatIsNotThereIsWaitedFor() {
        int account = ++members;
        UUID member = connect(account);
        await().atMost(SOON).until(() -> scene.leftOver() == 0);
        URI api = service.whoop().apiBaseUrl();
        for (URI nowhere : new URI[] {
            // No such name, and a server that does not speak TLS.
            URI.create("http://whoop.invalid/developer"),
            URI.create(api.toString().replace("http:", "https:"))
        }) {
            service.restart(nowhere, FaultScene.SHORT_DEADLINE);
            work(member, account);
            await().atMost(SOON).until(() -> circuit("open") || circuit("half_open"));
            assertThat(scene.dead()).isZero();
        }

        scene.restart(FaultScene.DEADLINE);

        await().atMost(SOON).until(() -> scene.leftOver() == 0);
        assertEverythingIsThere(member, account);
    }

    private UUID connect(int account) {
        await().atMost(SOON).until(() -> circuit("closed"));
        return service.connect(account);
    }

    /** A night that WHOOP tells of, and a request for everything else. */
    private void work(UUID member, int account) {
        whoop.newSleep(account);
        service.post("/internal/v1/sync/" + member, Map.of());
    }

    private void assertEverythingIsThere(UUID member, int account) {
        assertThat(scene.dead()).isZero();
        for (String table : new String[] {"cycle", "recovery", "sleep", "workout", "profile", "body"}) {
            assertThat(Rows.count(
                            service.database(),
                            "SELECT count(*) AS n FROM " + table + " WHERE member_id = :member",
                            member))
                    .as(table)
                    .isPositive();
        }
        assertThat(scene.hasNewestNight(member, account)).isTrue();
    }

    /** What the end of WHOOP's minute would do, which nobody waits for here. */
    private void theMinuteIsOver() {
        scene.run("UPDATE quota SET blocked_until = NULL");
        scene.run("UPDATE sync_cursor SET due_at = least(due_at, clock_timestamp())"
                + " WHERE complete_to IS NULL OR window_from IS NOT NULL");
        scene.run(
                "UPDATE webhook_inbox SET due_at = least(due_at, clock_timestamp()) WHERE state = 'pending' AND claim_id IS NULL");
    }

    private boolean circuit(String state) {
        return scene.circuit("whoop-api", state);
    }
}
