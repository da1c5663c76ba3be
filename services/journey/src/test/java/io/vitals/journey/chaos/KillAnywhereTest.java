package io.vitals.journey.chaos;

import io.vitals.journey.chaos.DeliveryHistory.Findings;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.whoop.DeliveryRecorder;
import io.vitals.sandbox.whoop.WhoopControl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Webhooks arrive while processes are killed with SIGKILL. Whatever was acknowledged must be there once and be worked off.
 * A failure names its seed; {@code make chaos SEED=… N=… KILLS=…} runs it again.
 */
@ExtendWith(ChaosVitals.class)
class KillAnywhereTest {
    private static final long SEED = Long.getLong("vitals.chaos.seed", 20_261_127L);
    private static final int EVENTS = Integer.getInteger("vitals.chaos.events", 5_000);
    private static final int KILLS = Integer.getInteger("vitals.chaos.kills", 25);
    /** Of a machine that has much else to do; it is not waited for when something has failed. */
    static final Duration PATIENCE = Duration.ofMinutes(8);

    private final Stack stack;
    private final Store store;
    private final WhoopControl whoop;
    private final DeliveryHistory history = new DeliveryHistory();

    KillAnywhereTest(Stack stack) {
        this.stack = stack;
        this.store = new Store(stack);
        this.whoop = stack.simulators().whoop().control();
    }

    @BeforeEach
    void startFromRest() {
        awaitRest();
        store.execute("whoop", "DELETE FROM webhook_inbox");
        whoop.recordDeliveries(history);
    }

    @AfterEach
    void recover() {
        new Nemesis(stack, history, SEED).awaitRecovery();
        history.awaitOpenAtMost(0, PATIENCE);
        whoop.recordDeliveries(DeliveryRecorder.NONE);
    }

    @Test
    void what_was_acknowledged_is_neither_lost_nor_doubled_whoever_is_killed() throws Exception {
        var traffic = new Traffic(stack, ChaosVitals.LINKED.keySet(), history, SEED);
        var nemesis = new Nemesis(stack, history, SEED);
        long begin = System.nanoTime();
        CompletableFuture<Map<Nemesis.Victim, Integer>> killing =
                beside(CompletableFuture.supplyAsync(() -> nemesis.kill(KILLS, EVENTS)));
        traffic.send(EVENTS);
        Map<Nemesis.Victim, Integer> killed = killing.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        nemesis.awaitRecovery();
        history.awaitOpenAtMost(0, PATIENCE);
        int givenUp = history.givenUp();
        if (givenUp > 0) {
            traffic.retell();
        }
        awaitRest();

        Findings findings = history.compare(stack);
        System.err.printf(
                "chaos: seed %d, %d events, killed %s, attempts %s, given up %d, %d s%n",
                SEED,
                history.sent(),
                killed,
                findings.attempts(),
                givenUp,
                Duration.ofNanos(System.nanoTime() - begin).toSeconds());
        assertThat(findings).as("seed %d", SEED).matches(Findings::clean);
        assertThat(history.accepted()).isGreaterThanOrEqualTo(EVENTS);
        var mirror = new Mirror(stack, ChaosVitals.LINKED.keySet());
        await("the store agrees with WHOOP, seed " + SEED)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(mirror.differences()).isEmpty());
        await("daily records have caught up, seed " + SEED)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(mirror.daysBehind()).isEmpty());
    }

    /** The control: PostgreSQL may acknowledge what is not on disk, and the same kills now lose events. */
    @Test
    void without_synchronous_commits_the_same_comparison_finds_losses() {
        // Its commits would write whoop-service's out with them, and it must not remember what is then lost.
        stack.healthApi().stop(Duration.ofSeconds(45));
        String role = stack.whoopDatabase().app().user();
        store.execute("whoop", "ALTER ROLE " + role + " SET synchronous_commit = off");
        try {
            var traffic = new Traffic(stack, ChaosVitals.LINKED.keySet(), history, SEED);
            Findings findings = killUnder(traffic, 200);
            for (int kills = 2; findings.lost().isEmpty() && kills <= 10; kills++) {
                findings = killUnder(traffic, 200);
            }
            assertThat(findings.lost()).as("acknowledged and lost").isNotEmpty();
            assertThat(findings.clean()).isFalse();
        } finally {
            store.execute("whoop", "ALTER ROLE " + role + " RESET synchronous_commit");
            // Sessions keep what they began with.
            stack.postgres().kill();
            stack.postgres().startAgain();
            stack.healthApi().start();
        }
    }

    private <T> CompletableFuture<T> beside(CompletableFuture<T> work) {
        return work.whenComplete((_, failure) -> {
            if (failure != null) {
                history.failed(failure);
            }
        });
    }

    private Findings killUnder(Traffic traffic, int events) {
        stack.postgres().kill();
        stack.postgres().startAgain();
        int accepted = history.accepted();
        CompletableFuture<Void> sending = beside(CompletableFuture.runAsync(() -> traffic.sendReminders(events)));
        history.awaitAccepted(accepted + events / 2, PATIENCE);
        stack.postgres().kill();
        stack.postgres().startAgain();
        sending.join();
        history.awaitOpenAtMost(0, PATIENCE);
        return history.compare(stack);
    }

    private void awaitRest() {
        await("all events are worked off")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> store.unfinishedEvents() == 0);
    }
}
