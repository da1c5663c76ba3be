package io.vitals.whoop.webhook;

import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.FailureException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What gathers behind a writer, and what becomes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IntakeTest {
    private InboxLock scene;

    @BeforeAll
    void open() {
        scene = new InboxLock();
    }

    @BeforeEach
    void anEmptyInbox() {
        scene.clear();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void whatGathersBehindAWriterGoesInOneStatementAndTheFirstOfTwoAlikeCounts() throws Exception {
        Intake intake = scene.intake(InboxLock.ONE_WRITER);
        Event first = InboxLock.event("same");
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = scene.lockedInbox()) {
            writer = scene.writing(intake, InboxLock.event("writer"));
            behind = scene.waiting(intake, List.of(first, InboxLock.event("same"), InboxLock.event("other")));
        }

        assertThat(InboxLock.answer(writer)).isTrue();
        assertThat(InboxLock.answers(behind)).containsExactly(true, false, true);
        assertThat(scene.intake(InboxLock.ONE_WRITER).add(first)).isFalse();
        assertThat(scene.traces()).containsExactlyInAnyOrder("writer", "same", "other");
        assertThat(scene.database()
                        .list(
                                Sql.named("test-object", "SELECT object_id FROM webhook_inbox WHERE trace_id = 'same'"),
                                Params.none(),
                                row -> row.uuid("object_id")))
                .containsExactly(first.objectId());
        assertThat(scene.registry()
                        .get("db.query")
                        .tag("statement", "inbox-add")
                        .timer()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void anEventTheDatabaseRefusesDoesNotCostTheOthersOfItsBatch() throws Exception {
        Event bad = InboxLock.event("no\0such\0text");
        List<Event> batch = List.of(InboxLock.event("a"), bad, InboxLock.event("b"));
        assertThatThrownBy(() -> Inbox.add(scene.database(), batch)).isInstanceOf(DatabaseException.class);
        assertThat(scene.traces()).as("one statement alone keeps none").isEmpty();

        Intake intake = scene.intake(InboxLock.ONE_WRITER);
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = scene.lockedInbox()) {
            writer = scene.writing(intake, InboxLock.event("writer"));
            behind = scene.waiting(intake, batch);
        }

        assertThat(InboxLock.answer(writer)).isTrue();
        assertThat(InboxLock.answer(behind.get(0))).isTrue();
        assertThatThrownBy(() -> InboxLock.answer(behind.get(1))).hasCauseInstanceOf(DatabaseException.class);
        assertThat(InboxLock.answer(behind.get(2))).isTrue();
        assertThat(scene.traces()).containsExactlyInAnyOrder("writer", "a", "b");
    }

    @Test
    void eventsFallDueInTheOrderOfTheirArrival() throws Exception {
        Intake intake = scene.intake(InboxLock.ONE_WRITER);
        Future<Boolean> writer;
        List<Future<Boolean>> behind;
        try (Connection _ = scene.lockedInbox()) {
            writer = scene.writing(intake, InboxLock.event("writer"));
            behind = scene.waiting(
                    intake,
                    List.of(InboxLock.event("m"), InboxLock.event("z"), InboxLock.event("a"), InboxLock.event("k")));
        }

        assertThat(InboxLock.answer(writer)).isTrue();
        assertThat(InboxLock.answers(behind)).containsOnly(true);
        assertThat(scene.traces()).containsExactly("writer", "m", "z", "a", "k");
    }

    @Test
    void aDatabaseThatGoesAwayInTheMiddleOfABatchLeavesNoEventAnsweredThatIsNotThere() throws Exception {
        Intake intake = scene.intake(InboxLock.ONE_WRITER);
        List<Event> batch = List.of(InboxLock.event("a"), InboxLock.event("b"), InboxLock.event("c"));
        try (Connection _ = scene.lockedInbox()) {
            Future<Boolean> writer = scene.writing(intake, InboxLock.event("writer"));
            List<Future<Boolean>> behind = scene.waiting(intake, batch);

            scene.breakConnections();
            assertThatThrownBy(() -> InboxLock.answer(writer)).hasCauseInstanceOf(FailureException.class);
            await().atMost(InboxLock.SOON).until(() -> intake.load().equals(new Intake.Load(0, 1)));
            scene.breakConnections();
            for (Future<Boolean> one : behind) {
                assertThatThrownBy(() -> InboxLock.answer(one))
                        .hasCauseInstanceOf(FailureException.class)
                        .satisfies(e -> InboxLock.isUnavailable(e.getCause()));
            }
        }

        assertThat(scene.traces()).isEmpty();
        // The positive control: the same events, while the scene.database() stays.
        for (Event event : batch) {
            assertThat(intake.add(event)).isTrue();
        }
        assertThat(scene.traces()).containsExactly("a", "b", "c");
    }

    @Test
    void ofManyRequestsAtTwoReplicasEachEventIsNewExactlyOnce() throws Exception {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            events.add(InboxLock.event("event-" + i));
        }
        List<Event> backwards = new ArrayList<>(events);
        Collections.reverse(backwards);
        // Small batches and senders that come back at once, so that who gets a free place has to write for others
        // before its own event.
        Intake.Limits limits = new Intake.Limits(2, 1_000, 2, InboxLock.SOON);
        Intake one = scene.intake(limits);
        Intake other = scene.intake(limits);
        List<Future<Integer>> senders = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int first = i * 15;
            senders.add(scene.requests.submit(() -> InboxLock.addEach(one, events.subList(first, first + 15))));
            senders.add(scene.requests.submit(() -> InboxLock.addEach(other, backwards.subList(first, first + 15))));
        }

        int fresh = 0;
        for (Future<Integer> sender : senders) {
            fresh += sender.get(60, TimeUnit.SECONDS);
        }
        assertThat(fresh).isEqualTo(300);
        assertThat(scene.traces()).hasSize(300).doesNotHaveDuplicates();
    }
}
