package io.vitals.whoop.sync;

import io.helidon.tracing.Tracer;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.support.FakeWhoopScene;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Single steps, in the test's own thread. */
class SyncStepsTest {
    private static final int DAYS = 25;

    private FakeWhoopScene scene;

    @BeforeEach
    void open() {
        scene = new FakeWhoopScene(Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        scene.close();
    }

    /** One of ten may repeat what failed while WHOOP fails, whatever kind of work it is. */
    @ParameterizedTest
    @ValueSource(strings = {"cursor", "history", "reconciliation", "suspect"})
    void whatHasFailedBeforeIsRepeatedOutOfTheSharedBudgetOnly(String work) {
        Owner owner = scene.linked();
        String due = due(owner, work);
        Sync sync = sync(Reconciliation.MOST_DELETIONS);
        scene.whoop.answerWith(500);

        for (int i = 0; i < 5; i++) {
            assertThat(sync.step()).isTrue();
            scene.execute("UPDATE " + due + " SET due_at = now() - INTERVAL '1 second'");
        }

        // Each of the five repeats; only the first of them may.
        assertThat(scene.whoop.calls()).hasSize(1);
        assertThat(scene.text("SELECT last_error || ' ' || attempts FROM " + due))
                .isEqualTo("retry_budget 2");
    }

    /** What waits for its second attempt; returns its table. */
    private String due(Owner owner, String work) {
        if (work.equals("cursor")) {
            scene.execute("""
                    INSERT INTO sync_cursor (member_id, type, whoop_user_id, trigger, due_at, attempts)
                    VALUES ('%s', 'sleep', %d, 'poll', now(), 1)""".formatted(owner.member(), owner.whoopUserId()));
            return "sync_cursor";
        }
        UUID reconciliation = UUID.randomUUID();
        scene.execute("""
                INSERT INTO sync_walk (member_id, kind, whoop_user_id, type, window_from, window_to, goal_from, reconciliation_id, due_at,
                    started_at, attempts)
                VALUES ('%s', '%s', %d, %s, now() - INTERVAL '30 days', now(), now() - INTERVAL '30 days', %s, now(), now(), 1)""".formatted(
                        owner.member(),
                        work.equals("history") ? "history" : "reconcile",
                        owner.whoopUserId(),
                        work.equals("suspect") ? "NULL" : "'sleep'",
                        work.equals("history") ? "NULL" : "'" + reconciliation + "'"));
        if (work.equals("suspect")) {
            scene.execute("""
                    INSERT INTO sync_suspect (member_id, type, record_key, whoop_user_id, reconciliation_id, version, state, found_at)
                    VALUES ('%s', 'sleep', '%s', %d, '%s', now(), 'unchecked', now())""".formatted(owner.member(), UUID.randomUUID(), owner.whoopUserId(), reconciliation));
        }
        return "sync_walk";
    }

    /** A WHOOP that has lost an account's month, listings and records alike. */
    @Test
    void anUpstreamThatHasLostAMonthTakesFiveRecordsAtMostAlong() {
        assertThat(leftAfterReconciling(Reconciliation.MOST_DELETIONS)).isEqualTo(DAYS - 5);
    }

    /** The control: this is what the limit is against. */
    @Test
    void withoutTheLimitItTakesThemAll() {
        assertThat(leftAfterReconciling(Integer.MAX_VALUE)).isZero();
    }

    private long leftAfterReconciling(int mostDeletions) {
        Owner owner = scene.linked();
        for (int day = 0; day < DAYS; day++) {
            scene.whoop.putWorkout(owner.whoopUserId(), UUID.randomUUID(), 1, day);
        }
        Sync sync = sync(mostDeletions);
        scene.database.transaction(tx -> {
            sync.linked(tx, owner.member(), owner.whoopUserId());
            return true;
        });
        workUntilNoneOf(sync, "sync_cursor WHERE complete_to IS NULL");
        assertThat(workouts()).isEqualTo(DAYS);

        scene.whoop.deleteAll(owner.whoopUserId());
        scene.execute("UPDATE link SET since = since - INTERVAL '2 days'");
        // A record that was fetched after the comparison began is none of its business.
        scene.execute("UPDATE workout SET fetched_at = fetched_at - INTERVAL '1 minute'");
        sync.beginReconciliations();
        assertThat(scene.number("SELECT count(*) FROM sync_walk WHERE done_at IS NULL"))
                .isEqualTo(1);
        workUntilNoneOf(sync, "sync_walk WHERE done_at IS NULL");
        return workouts();
    }

    private void workUntilNoneOf(Sync sync, String rows) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            while (sync.step()) {
                // On to the next.
            }
            return scene.number("SELECT count(*) FROM " + rows) == 0;
        });
    }

    private long workouts() {
        return scene.number("SELECT count(*) FROM workout");
    }

    private Sync sync(int mostDeletions) {
        return new Sync(
                scene.database,
                FakeWhoopScene.syncSettings(Duration.ofDays(1)),
                scene.links,
                scene.tokens,
                scene.api,
                scene.records,
                scene.feed,
                scene.audit,
                new Handover(Tracer.noOp()),
                FakeWhoopScene.CLOCK,
                scene.random,
                scene.registry,
                mostDeletions);
    }
}
