package io.vitals.whoop.webhook;

import io.vitals.whoop.records.Owner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The single cases in which WHOOP's events and its answers do not fit together. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConvergenceTest {
    private Intake intake;

    @BeforeAll
    void start() {
        intake = new Intake();
    }

    @AfterAll
    void stop() {
        intake.close();
    }

    @Test
    void aDeletionLeavesATombstoneThatOnlyANewerVersionOvercomes() {
        Owner owner = intake.linked();
        long user = owner.whoopUserId();
        UUID workout = UUID.randomUUID();
        String path = "/v2/activity/workout/" + workout;
        intake.whoop.putWorkout(user, workout, 5);
        intake.accept(user, workout, "workout.updated", 5);
        intake.drain();
        intake.whoop.delete(user, path);
        Event deleted = intake.accept(user, workout, "workout.deleted", 10);
        intake.drain();
        assertThat(stored("workout", "id", workout)).isEmpty();
        assertThat(intake.state(deleted)).isEqualTo("done deleted");
        assertThat(intake.audited("record.deleted")).contains(workout + " success webhook_workout");

        // An answer from before the deletion, as a slow replica of WHOOP's might give.
        intake.whoop.putWorkout(user, workout, 9);
        intake.accept(user, workout, "workout.updated", 9);
        intake.drain();
        assertThat(stored("workout", "id", workout)).isEmpty();

        intake.whoop.putWorkout(user, workout, 11);
        intake.accept(user, workout, "workout.updated", 11);
        intake.drain();
        assertThat(stored("workout", "id", workout))
                .isEqualTo(intake.whoop.time(11).toString());
    }

    @Test
    void aDeletionToldBeforeTheVersionWeKnowStillStands() {
        Owner owner = intake.linked();
        long user = owner.whoopUserId();
        UUID workout = UUID.randomUUID();
        intake.whoop.putWorkout(user, workout, 20);
        intake.accept(user, workout, "workout.updated", 20);
        intake.drain();
        // Deleted at 10, made again at 20 and deleted for good at 30; the last event is lost, the first comes late.
        intake.whoop.delete(user, "/v2/activity/workout/" + workout);
        intake.accept(user, workout, "workout.deleted", 10);
        intake.drain();

        assertThat(stored("workout", "id", workout)).isEmpty();
    }

    @Test
    void aDeletionThatWhoopsAnswersDoNotShowYetIsLookedAtAgain() {
        Owner owner = intake.linked();
        long user = owner.whoopUserId();
        UUID workout = UUID.randomUUID();
        intake.whoop.putWorkout(user, workout, 5);
        Event event = intake.accept(user, workout, "workout.deleted", 6);
        assertThat(intake.webhooks.step()).isTrue();
        assertThat(intake.state(event)).isEqualTo("pending still_there");

        intake.whoop.delete(user, "/v2/activity/workout/" + workout);
        intake.drain();

        assertThat(intake.state(event)).isEqualTo("done deleted");
        assertThat(stored("workout", "id", workout)).isEmpty();
    }

    @Test
    void anUpdateThatWhoopsAnswersDoNotShowYetIsLookedAtAgain() {
        Owner owner = intake.linked();
        UUID workout = UUID.randomUUID();
        Event event = intake.accept(owner.whoopUserId(), workout, "workout.updated", 6);
        assertThat(intake.webhooks.step()).isTrue();
        assertThat(intake.state(event)).isEqualTo("pending not_there");

        intake.whoop.putWorkout(owner.whoopUserId(), workout, 6);
        intake.drain();

        assertThat(intake.state(event)).isEqualTo("done stored");
    }

    @Test
    void aRecoveryIsFoundThroughItsSleepsCycleEvenIfThatHasChanged() {
        Owner owner = intake.linked();
        long user = owner.whoopUserId();
        UUID sleep = UUID.randomUUID();
        intake.whoop.putSleep(user, sleep, 100, 1);
        intake.whoop.putRecovery(user, sleep, 100, 1);
        intake.accept(user, sleep, "recovery.updated", 1);
        intake.drain();
        assertThat(stored("recovery", "sleep_id", sleep))
                .isEqualTo(intake.whoop.time(1).toString());

        intake.whoop.delete(user, "/v2/cycle/100/recovery");
        intake.whoop.putSleep(user, sleep, 101, 2);
        intake.whoop.putRecovery(user, sleep, 101, 2);
        intake.accept(user, sleep, "recovery.updated", 2);
        intake.drain();

        assertThat(stored("recovery", "sleep_id", sleep))
                .isEqualTo(intake.whoop.time(2).toString());
        assertThat(intake.text("SELECT cycle_id FROM recovery WHERE sleep_id = '" + sleep + "'"))
                .isEqualTo("101");
    }

    @Test
    void aCyclesRecoveryOfAnotherSleepIsNotTakenForTheOneThatWasDeleted() {
        Owner owner = intake.linked();
        long user = owner.whoopUserId();
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        intake.whoop.putSleep(user, first, 200, 1);
        intake.whoop.putRecovery(user, first, 200, 1);
        intake.accept(user, first, "recovery.updated", 1);
        intake.drain();

        intake.whoop.putSleep(user, second, 200, 2);
        intake.whoop.putRecovery(user, second, 200, 2);
        intake.accept(user, first, "recovery.deleted", 2);
        intake.drain();

        assertThat(stored("recovery", "sleep_id", first)).isEmpty();
        assertThat(stored("recovery", "sleep_id", second))
                .isEqualTo(intake.whoop.time(2).toString());
    }

    @Test
    void aDeletedSleepTakesItsRecoveryAlong() {
        Owner owner = intake.linked();
        long user = owner.whoopUserId();
        UUID sleep = UUID.randomUUID();
        intake.whoop.putSleep(user, sleep, 300, 1);
        intake.whoop.putRecovery(user, sleep, 300, 1);
        intake.accept(user, sleep, "recovery.updated", 1);
        intake.drain();
        intake.whoop.delete(user, "/v2/activity/sleep/" + sleep);
        intake.whoop.delete(user, "/v2/cycle/300/recovery");

        intake.accept(user, sleep, "sleep.deleted", 2);
        intake.drain();

        assertThat(stored("sleep", "id", sleep)).isEmpty();
        assertThat(stored("recovery", "sleep_id", sleep)).isEmpty();
    }

    private String stored(String table, String key, UUID id) {
        return intake.text("SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM "
                + table + " WHERE " + key + " = '" + id + "'");
    }
}
