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
    void anEventOfAnUnknownAccountWaitsForItsLink() {
        long account = feature.newAccount();
        UUID sleep = UUID.randomUUID();
        feature.whoop.putSleep(account, sleep, 13, 1);
        Event event = feature.accept(account, sleep, "sleep.updated", 1);
        feature.drain();
        assertThat(feature.state(event)).isEqualTo("parked member_unknown");
        assertThat(feature.whoop.calls()).isEmpty();

        feature.link(account);
        feature.drain();

        assertThat(feature.state(event)).isEqualTo("done stored");
    }

    @Test
    void anEventThatIsParkedWhileItsLinkIsCommittedIsNotForgotten() throws Exception {
        long account = feature.newAccount();
        Event event = feature.accept(account, UUID.randomUUID(), "workout.deleted", 1);
        CountDownLatch unparked = new CountDownLatch(1);
        CountDownLatch commit = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var linking = CompletableFuture.runAsync(
                    () -> feature.database.transaction(tx -> {
                        feature.webhooks.linked(tx, new MemberId(new UUID(1, account)), account);
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
            var working = CompletableFuture.runAsync(feature.webhooks::step, threads);
            await().atMost(SOON).until(() -> feature.number("""
                                    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                                      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""") == 1);
            commit.countDown();
            linking.get(30, TimeUnit.SECONDS);
            working.get(30, TimeUnit.SECONDS);
        }

        assertThat(feature.state(event)).startsWith("pending");
        feature.execute("UPDATE webhook_inbox SET state = 'done'");
    }

    @Test
    void whatNobodyLinkedForAWeekExpiresCountedAndAudited() {
        long account = feature.newAccount();
        Event old = feature.accept(account, UUID.randomUUID(), "sleep.updated", 1);
        Event young = feature.accept(account, UUID.randomUUID(), "sleep.updated", 1);
        feature.drain();
        feature.age(old, "7 days 1 minute");
        feature.age(young, "6 days 23 hours");
        double before = feature.counted("whoop.webhook.expired");

        feature.webhooks.upkeep();

        assertThat(feature.state(old)).isEmpty();
        assertThat(feature.state(young)).isEqualTo("parked member_unknown");
        assertThat(feature.counted("whoop.webhook.expired") - before).isEqualTo(1);
        assertThat(feature.audited("webhook.expired")).contains(old.traceId() + " expired member_unknown");
        feature.execute("DELETE FROM webhook_inbox");
    }

    @Test
    void whatIsDoneIsForgottenAfterAWeekAndWhatIsDeadAfterAMonth() {
        Owner owner = feature.linked();
        Event done = feature.accept(owner.whoopUserId(), UUID.randomUUID(), "sleep.deleted", 1);
        feature.drain();
        feature.whoop.answerWith(403);
        Event dead = feature.accept(owner.whoopUserId(), UUID.randomUUID(), "sleep.deleted", 1);
        feature.drain();
        feature.execute("UPDATE webhook_inbox SET finished_at = now() - INTERVAL '8 days'");

        feature.webhooks.upkeep();

        assertThat(feature.state(done)).isEmpty();
        assertThat(feature.state(dead)).startsWith("dead");

        feature.execute("UPDATE webhook_inbox SET finished_at = now() - INTERVAL '31 days'");
        feature.webhooks.upkeep();

        assertThat(feature.state(dead)).isEmpty();
        assertThat(feature.audited("webhook.expired")).contains(dead.traceId() + " expired dead");
    }
}
