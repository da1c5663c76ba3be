package io.vitals.whoop.webhook;

import io.vitals.whoop.records.Owner;
import io.vitals.whoop.webhook.WebhookReplay.Selection;
import io.vitals.whoop.webhook.WebhookReplay.State;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InboxQueueTest {
    private WebhookFeature feature;

    @BeforeAll
    void start() {
        feature = new WebhookFeature();
    }

    @AfterAll
    void stop() {
        feature.close();
    }

    @AfterEach
    void nothingIsLeftOver() {
        feature.forget();
    }

    @Test
    void oneFetchAnswersForAllEventsOfARecordThatCameBeforeIt() {
        Owner owner = feature.linked();
        UUID workout = UUID.randomUUID();
        feature.whoop.putWorkout(owner.whoopUserId(), workout, 9);
        List<Event> events = new ArrayList<>();
        for (int version = 1; version <= 9; version++) {
            events.add(feature.accept(owner.whoopUserId(), workout, "workout.updated", version));
        }
        Event other = feature.accept(owner.whoopUserId(), UUID.randomUUID(), "workout.deleted", 1);

        feature.drain();

        assertThat(feature.whoop.calls().stream().filter(path -> path.endsWith(workout.toString())))
                .hasSize(1);
        assertThat(events.subList(0, 8))
                .allSatisfy(event -> assertThat(feature.state(event)).isEqualTo("done coalesced"));
        assertThat(feature.state(events.getLast())).isEqualTo("done stored");
        assertThat(feature.state(other)).isEqualTo("done deleted");
    }

    @Test
    void anEventThatComesWhileItsRecordIsFetchedIsFetchedForOnceMore() {
        Owner owner = feature.linked();
        UUID workout = UUID.randomUUID();
        feature.whoop.putWorkout(owner.whoopUserId(), workout, 1);
        Event first = feature.accept(owner.whoopUserId(), workout, "workout.updated", 1);
        List<Event> late = new ArrayList<>();
        AtomicBoolean once = new AtomicBoolean();
        feature.whoop.duringCall(path -> {
            if (once.compareAndSet(false, true)) {
                // WHOOP has already looked the first version up.
                feature.whoop.putWorkout(owner.whoopUserId(), workout, 2);
                late.add(feature.accept(owner.whoopUserId(), workout, "workout.updated", 2));
            }
        });

        assertThat(feature.webhooks.step()).isTrue();
        // The control: what was fetched first is outdated, so swallowing the second event would lose the change.
        assertThat(strain(workout)).isEqualTo("1");
        assertThat(feature.state(first)).isEqualTo("done stored");
        assertThat(feature.state(late.getFirst())).isEqualTo("pending -");
        feature.drain();

        assertThat(strain(workout)).isEqualTo("2");
        assertThat(feature.state(late.getFirst())).isEqualTo("done stored");
    }

    @Test
    void workersThatTakeTheSameRecordAtOnceLoseNoEvent() throws Exception {
        Owner owner = feature.linked();
        UUID workout = UUID.randomUUID();
        int versions = 60;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch told = new CountDownLatch(1);
            List<CompletableFuture<Void>> workers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                workers.add(CompletableFuture.runAsync(
                        () -> {
                            while (feature.webhooks.step() || told.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                        },
                        threads));
            }
            for (int version = 1; version <= versions; version++) {
                feature.whoop.putWorkout(owner.whoopUserId(), workout, version);
                feature.accept(owner.whoopUserId(), workout, "workout.updated", version);
            }
            told.countDown();
            CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        }
        feature.drain();

        assertThat(strain(workout)).isEqualTo(Integer.toString(versions % 21));
        assertThat(feature.number("SELECT count(*) FROM webhook_inbox WHERE state <> 'done'"))
                .isZero();
        assertThat(feature.whoop.calls()).hasSizeLessThanOrEqualTo(versions);
    }

    @Test
    void afterEightFailuresAnEventIsDeadAndTheAuditLogSaysSo() {
        Owner owner = feature.linked();
        // This one request: while WHOOP as a whole fails, nothing is charged.
        feature.whoop.answerWith(403);
        Event event = feature.accept(owner.whoopUserId(), UUID.randomUUID(), "sleep.updated", 1);

        feature.drain();

        assertThat(feature.state(event)).isEqualTo("dead status_403");
        assertThat(feature.whoop.calls()).hasSize(8);
        assertThat(feature.audited("webhook.dead")).contains(event.traceId() + " dead status_403");
        feature.webhooks.upkeep();
        assertThat(feature.registry
                        .get("whoop.webhook.dead.letter")
                        .tag("type", "sleep.updated")
                        .gauge()
                        .value())
                .isEqualTo(1);

        // WHOOP is well again: the operator replays the event.
        feature.whoop.answerWith(200);
        feature.whoop.putSleep(owner.whoopUserId(), event.objectId(), 11, 1);
        assertThat(feature.webhooks.replay().list(State.DEAD, 0, 10))
                .extracting(WebhookReplay.Listed::traceId)
                .containsExactly(event.traceId());
        Selection one = new Selection(event.traceId(), null, null, Set.of(State.values()));
        assertThat(feature.webhooks.replay().count(one)).isEqualTo(1);
        assertThat(feature.state(event)).startsWith("dead");
        assertThat(feature.webhooks.replay().replay(one)).isEqualTo(1);
        feature.drain();

        assertThat(feature.state(event)).isEqualTo("done stored");
        assertThat(feature.audited("webhook.replay")).contains(event.traceId() + " success events-1");
    }

    /** WHOOP cannot give one record: that event is dead in the end, however often it has opened the breaker, and nothing else is. */
    @Test
    void aRecordThatWhoopCannotGiveIsGivenUpWhileOthersGoThrough() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID broken = UUID.randomUUID();
        feature.whoop.answerWith("/v2/activity/workout/" + broken, 500);
        Event lone = feature.accept(user, broken, "workout.updated", 1);
        stepUntil(() -> feature.registry
                        .get("whoop.client.circuit.state")
                        .tag("state", "closed")
                        .gauge()
                        .value()
                == 0);
        // As long as nobody else is answered, WHOOP may be down: nothing is charged beyond what opened the breaker.
        long charged = feature.number("SELECT attempts FROM webhook_inbox");
        long calls = feature.whoop.calls().size();
        stepUntil(() -> feature.whoop.calls().size() >= calls + 10);
        assertThat(feature.number("SELECT attempts FROM webhook_inbox")).isEqualTo(charged);
        assertThat(feature.state(lone)).startsWith("pending");

        List<Event> others = new ArrayList<>();
        stepUntil(() -> {
            if (others.isEmpty() || feature.state(others.getLast()).startsWith("done")) {
                UUID good = UUID.randomUUID();
                feature.whoop.putWorkout(user, good, 1);
                others.add(feature.accept(user, good, "workout.updated", 1));
            }
            return feature.state(lone).startsWith("dead");
        });
        feature.drain();

        assertThat(feature.state(lone)).isEqualTo("dead status_500");
        assertThat(others).allSatisfy(event -> assertThat(feature.state(event)).isEqualTo("done stored"));
    }

    /** Works step by step; what waits is due again each time, in any order. */
    private void stepUntil(BooleanSupplier reached) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> {
                    feature.execute(
                            "UPDATE webhook_inbox SET due_at = now() - random() * INTERVAL '1 second' WHERE state = 'pending'");
                    boolean _ = feature.webhooks.step();
                    return reached.getAsBoolean();
                });
    }

    @Test
    void waitingForQuotaOrAnotherRefreshCostsNoAttempt() {
        Owner owner = feature.linked();
        feature.whoop.putSleep(owner.whoopUserId(), new UUID(7, 7), 12, 1);
        feature.execute("UPDATE quota SET blocked_until = now() + INTERVAL '1 hour'");
        Event event = feature.accept(owner.whoopUserId(), new UUID(7, 7), "sleep.updated", 1);
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(feature.webhooks.step()).isTrue();
                feature.execute("UPDATE webhook_inbox SET due_at = now() - INTERVAL '1 second'");
            }
            assertThat(feature.state(event)).isEqualTo("pending quota");
            assertThat(feature.number("SELECT attempts FROM webhook_inbox")).isZero();
            // The control: a failure does cost one.
            feature.execute("UPDATE quota SET blocked_until = NULL");
            feature.whoop.answerWith(403);
            feature.webhooks.step();
            assertThat(feature.number("SELECT attempts FROM webhook_inbox")).isEqualTo(1);
        } finally {
            feature.execute("UPDATE quota SET blocked_until = NULL");
        }
        feature.whoop.answerWith(200);
        feature.drain();

        assertThat(feature.state(event)).isEqualTo("done stored");
    }

    @Test
    void anEventWhoseWorkersDieComesBackWithoutCostUntilItIsClearlyTheCause() {
        Owner owner = feature.linked();
        Event event = feature.accept(owner.whoopUserId(), new UUID(8, 8), "sleep.deleted", 1);
        String orphan =
                "UPDATE webhook_inbox SET claim_id = gen_random_uuid(), claim_until = now(), due_at = now(), lost_claims = %d";

        feature.execute(orphan.formatted(18));
        feature.drain();
        assertThat(feature.state(event)).isEqualTo("done deleted");

        feature.execute("UPDATE webhook_inbox SET state = 'pending', finished_at = NULL");
        feature.execute(orphan.formatted(19));
        feature.drain();
        assertThat(feature.state(event)).isEqualTo("dead worker_lost");
    }

    @Test
    void aRangeIsReplayedOnceAndOnlyInTheStateAskedFor() {
        Owner owner = feature.linked();
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            events.add(feature.accept(owner.whoopUserId(), UUID.randomUUID(), "sleep.deleted", i));
        }
        feature.drain();
        feature.age(events.getFirst(), "3 hours");
        Instant now = feature.now();
        Selection done = new Selection(null, now.minusSeconds(3600), now.plusSeconds(3600), Set.of(State.DONE));
        Selection dead = new Selection(null, now.minusSeconds(3600), now.plusSeconds(3600), Set.of(State.DEAD));

        assertThat(feature.webhooks.replay().replay(dead)).isZero();
        assertThat(feature.webhooks.replay().replay(done)).isEqualTo(4);
        assertThat(feature.state(events.getFirst())).isEqualTo("done deleted");
        assertThat(feature.state(events.getLast())).isEqualTo("pending -");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selection(null, now, now, Set.of(State.DONE)))
                .withMessageContaining("range");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Selection("x'; DELETE", null, null, Set.of(State.DONE)))
                .withMessageContaining("trace id");
    }

    private String strain(UUID workout) {
        return feature.text("SELECT strain::bigint FROM workout WHERE id = '" + workout + "'");
    }
}
