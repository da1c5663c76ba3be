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
    private WebhookFeature feature;

    @BeforeAll
    void start() {
        feature = new WebhookFeature();
    }

    @AfterAll
    void stop() {
        feature.close();
    }

    @Test
    void aDeletionLeavesATombstoneThatOnlyANewerVersionOvercomes() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID workout = UUID.randomUUID();
        String path = "/v2/activity/workout/" + workout;
        feature.whoop.putWorkout(user, workout, 5);
        feature.accept(user, workout, "workout.updated", 5);
        feature.drain();
        feature.whoop.delete(user, path);
        Event deleted = feature.accept(user, workout, "workout.deleted", 10);
        feature.drain();
        assertThat(stored("workout", "id", workout)).isEmpty();
        assertThat(feature.state(deleted)).isEqualTo("done deleted");
        assertThat(feature.audited("record.deleted")).contains(workout + " success webhook_workout");

        // An answer from before the deletion, as a slow replica of WHOOP's might give.
        feature.whoop.putWorkout(user, workout, 9);
        feature.accept(user, workout, "workout.updated", 9);
        feature.drain();
        assertThat(stored("workout", "id", workout)).isEmpty();

        feature.whoop.putWorkout(user, workout, 11);
        feature.accept(user, workout, "workout.updated", 11);
        feature.drain();
        assertThat(stored("workout", "id", workout))
                .isEqualTo(feature.whoop.time(11).toString());
    }

    @Test
    void aDeletionToldBeforeTheVersionWeKnowStillStands() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID workout = UUID.randomUUID();
        feature.whoop.putWorkout(user, workout, 20);
        feature.accept(user, workout, "workout.updated", 20);
        feature.drain();
        // Deleted at 10, made again at 20 and deleted for good at 30; the last event is lost, the first comes late.
        feature.whoop.delete(user, "/v2/activity/workout/" + workout);
        feature.accept(user, workout, "workout.deleted", 10);
        feature.drain();

        assertThat(stored("workout", "id", workout)).isEmpty();
    }

    @Test
    void aDeletionThatWhoopsAnswersDoNotShowYetIsLookedAtAgain() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID workout = UUID.randomUUID();
        feature.whoop.putWorkout(user, workout, 5);
        Event event = feature.accept(user, workout, "workout.deleted", 6);
        assertThat(feature.webhooks.step()).isTrue();
        assertThat(feature.state(event)).isEqualTo("pending still_there");

        feature.whoop.delete(user, "/v2/activity/workout/" + workout);
        feature.drain();

        assertThat(feature.state(event)).isEqualTo("done deleted");
        assertThat(stored("workout", "id", workout)).isEmpty();
    }

    @Test
    void anUpdateThatWhoopsAnswersDoNotShowYetIsLookedAtAgain() {
        Owner owner = feature.linked();
        UUID workout = UUID.randomUUID();
        Event event = feature.accept(owner.whoopUserId(), workout, "workout.updated", 6);
        assertThat(feature.webhooks.step()).isTrue();
        assertThat(feature.state(event)).isEqualTo("pending not_there");

        feature.whoop.putWorkout(owner.whoopUserId(), workout, 6);
        feature.drain();

        assertThat(feature.state(event)).isEqualTo("done stored");
    }

    @Test
    void aRecoveryIsFoundThroughItsSleepsCycleEvenIfThatHasChanged() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID sleep = UUID.randomUUID();
        feature.whoop.putSleep(user, sleep, 100, 1);
        feature.whoop.putRecovery(user, sleep, 100, 1);
        feature.accept(user, sleep, "recovery.updated", 1);
        feature.drain();
        assertThat(stored("recovery", "sleep_id", sleep))
                .isEqualTo(feature.whoop.time(1).toString());

        feature.whoop.delete(user, "/v2/cycle/100/recovery");
        feature.whoop.putSleep(user, sleep, 101, 2);
        feature.whoop.putRecovery(user, sleep, 101, 2);
        feature.accept(user, sleep, "recovery.updated", 2);
        feature.drain();

        assertThat(stored("recovery", "sleep_id", sleep))
                .isEqualTo(feature.whoop.time(2).toString());
        assertThat(feature.text("SELECT cycle_id FROM recovery WHERE sleep_id = '" + sleep + "'"))
                .isEqualTo("101");
    }

    @Test
    void aCyclesRecoveryOfAnotherSleepIsNotTakenForTheOneThatWasDeleted() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID first = UUID.randomUUID();
        UUID second = UUID.randomUUID();
        feature.whoop.putSleep(user, first, 200, 1);
        feature.whoop.putRecovery(user, first, 200, 1);
        feature.accept(user, first, "recovery.updated", 1);
        feature.drain();

        feature.whoop.putSleep(user, second, 200, 2);
        feature.whoop.putRecovery(user, second, 200, 2);
        feature.accept(user, first, "recovery.deleted", 2);
        feature.drain();

        assertThat(stored("recovery", "sleep_id", first)).isEmpty();
        assertThat(stored("recovery", "sleep_id", second))
                .isEqualTo(feature.whoop.time(2).toString());
    }

    @Test
    void aDeletedSleepTakesItsRecoveryAlong() {
        Owner owner = feature.linked();
        long user = owner.whoopUserId();
        UUID sleep = UUID.randomUUID();
        feature.whoop.putSleep(user, sleep, 300, 1);
        feature.whoop.putRecovery(user, sleep, 300, 1);
        feature.accept(user, sleep, "recovery.updated", 1);
        feature.drain();
        feature.whoop.delete(user, "/v2/activity/sleep/" + sleep);
        feature.whoop.delete(user, "/v2/cycle/300/recovery");

        feature.accept(user, sleep, "sleep.deleted", 2);
        feature.drain();

        assertThat(stored("sleep", "id", sleep)).isEmpty();
        assertThat(stored("recovery", "sleep_id", sleep)).isEmpty();
    }

    private String stored(String table, String key, UUID id) {
        return feature.text("SELECT to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM "
                + table + " WHERE " + key + " = '" + id + "'");
    }
}
