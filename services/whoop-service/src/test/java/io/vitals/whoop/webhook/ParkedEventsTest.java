package io.vitals.whoop.webhook;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Owner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParkedEventsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private Intake intake;

    @BeforeAll
    void start() {
        intake = new Intake();
    }

    @AfterAll
    void stop() {
        intake.close();
    }

    @AfterEach
    void nothingIsLeftOver() {
        intake.whoop.duringCall(path -> {});
        intake.whoop.answerWith(200);
        intake.drain();
        intake.execute("DELETE FROM webhook_inbox");
        intake.whoop.forgetCalls();
    }

    @Test
    void anEventOfAnUnknownAccountWaitsForItsLink() {
        long account = intake.newAccount();
        UUID sleep = UUID.randomUUID();
        intake.whoop.putSleep(account, sleep, 13, 1);
        Event event = intake.accept(account, sleep, "sleep.updated", 1);
        intake.drain();
        assertThat(intake.state(event)).isEqualTo("parked member_unknown");
        assertThat(intake.whoop.calls()).isEmpty();

        intake.link(account);
        intake.drain();

        assertThat(intake.state(event)).isEqualTo("done stored");
    }

    @Test
    void anEventThatIsParkedWhileItsLinkIsCommittedIsNotForgotten() throws Exception {
        long account = intake.newAccount();
        Event event = intake.accept(account, UUID.randomUUID(), "workout.deleted", 1);
        CountDownLatch unparked = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var linking = CompletableFuture.runAsync(
                    () -> intake.database.transaction(tx -> {
                        intake.webhooks.linked(tx, new MemberId(new UUID(1, account)), account);
                        unparked.countDown();
                        await().atMost(SOON).until(() -> commit.getCount() == 0);
                        tx.execute(
                                Sql.named("test-late-link", """
                                        INSERT INTO link (member_id, whoop_user_id, state, since, scopes)
                                        VALUES (:member, :user, 'active', now(), '')"""),
                                Params.of("member", new UUID(1, account), "user", account));
                        return true;
                    }),
                    threads);
            assertThat(unparked.await(30, TimeUnit.SECONDS)).isTrue();
            // The worker does not see the link yet, and wants to park what the link has already unparked.
            var working = CompletableFuture.runAsync(intake.webhooks::step, threads);
            await().atMost(SOON)
                    .until(() ->
                            intake.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                                    == 1);
            commit.countDown();
            linking.get(30, TimeUnit.SECONDS);
            working.get(30, TimeUnit.SECONDS);
        }

        assertThat(intake.state(event)).startsWith("pending");
        intake.execute("UPDATE webhook_inbox SET state = 'done'");
    }

    @Test
    void whatNobodyLinkedForAWeekExpiresCountedAndAudited() {
        long account = intake.newAccount();
        Event old = intake.accept(account, UUID.randomUUID(), "sleep.updated", 1);
        Event young = intake.accept(account, UUID.randomUUID(), "sleep.updated", 1);
        intake.drain();
        age(old, "7 days 1 minute");
        age(young, "6 days 23 hours");
        double before = intake.counted("whoop.webhook.expired");

        intake.webhooks.upkeep();

        assertThat(intake.state(old)).isEmpty();
        assertThat(intake.state(young)).isEqualTo("parked member_unknown");
        assertThat(intake.counted("whoop.webhook.expired") - before).isEqualTo(1);
        assertThat(intake.audited("webhook.expired")).contains(old.traceId() + " expired member_unknown");
        intake.execute("DELETE FROM webhook_inbox");
    }

    @Test
    void whatIsDoneIsForgottenAfterAWeekAndWhatIsDeadAfterAMonth() {
        Owner owner = intake.linked();
        Event done = intake.accept(owner.whoopUserId(), UUID.randomUUID(), "sleep.deleted", 1);
        intake.drain();
        intake.whoop.answerWith(500);
        Event dead = intake.accept(owner.whoopUserId(), UUID.randomUUID(), "sleep.deleted", 1);
        intake.drain();
        intake.execute("UPDATE webhook_inbox SET finished_at = now() - INTERVAL '8 days'");

        intake.webhooks.upkeep();

        assertThat(intake.state(done)).isEmpty();
        assertThat(intake.state(dead)).startsWith("dead");

        intake.execute("UPDATE webhook_inbox SET finished_at = now() - INTERVAL '31 days'");
        intake.webhooks.upkeep();

        assertThat(intake.state(dead)).isEmpty();
        assertThat(intake.audited("webhook.expired")).contains(dead.traceId() + " expired dead");
    }

    private void age(Event event, String by) {
        intake.execute("UPDATE webhook_inbox SET received_at = now() - INTERVAL '" + by + "' WHERE trace_id = '"
                + event.traceId() + "'");
    }
}
