package io.vitals.whoop.webhook;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.webhook.Inbox.Claimed;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Works the inbox off. Any replica takes any event; one that dies leaves its claim to run out. */
final class WebhookProcessor {
    private static final EventLog LOG = EventLog.of(WebhookProcessor.class);
    private static final int MOST_ATTEMPTS = 8;

    /** WHOOP may announce a record before it can be fetched. */
    private static final int ATTEMPTS_TO_APPEAR = 3;

    /** A glitch of WHOOP's mends itself; only what stays unreadable is set aside. */
    private static final int ATTEMPTS_TO_READ = 3;

    private final Database database;
    private final WebhookSettings settings;
    private final LinkDirectory links;
    private final Resolver resolver;
    private final Feed feed;
    private final Sync sync;
    private final WebhookMeters meters;
    private final Clock clock;
    private final RandomGenerator random;

    WebhookProcessor(
            Database database,
            WebhookSettings settings,
            LinkDirectory links,
            Resolver resolver,
            Feed feed,
            Sync sync,
            WebhookMeters meters,
            Clock clock,
            RandomGenerator random) {
        this.database = database;
        this.settings = settings;
        this.links = links;
        this.resolver = resolver;
        this.feed = feed;
        this.sync = sync;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
    }

    /** One at a time, so that a slow fetch holds up nothing but itself; returns whether there was one. */
    boolean step() {
        UUID claim = new UUID(random.nextLong(), random.nextLong());
        List<Claimed> claimed = Inbox.claim(database, claim, settings.claim(), 1);
        claimed.forEach(this::process);
        return !claimed.isEmpty();
    }

    private void process(Claimed claimed) {
        try {
            work(claimed);
        } catch (RuntimeException e) {
            LOG.error("webhook_failed", e, LogField.TRACE_ID.of(claimed.event().traceId()));
            retry(claimed, "internal");
        }
    }

    private void work(Claimed claimed) {
        Event event = claimed.event();
        EventType type = EventType.of(event.type()).orElseThrow();
        Optional<Owner> owner = links.ownerOf(database, event.whoopUserId());
        if (owner.isEmpty()) {
            Inbox.park(database, claimed);
            return;
        }
        switch (resolver.resolve(owner.get(), event, type)) {
            case Resolver.Resolution.Write(String outcome, Consumer<SqlExecutor> writes) -> {
                if (outcome.equals("unreadable") && claimed.attempts() < ATTEMPTS_TO_READ) {
                    retry(claimed, outcome);
                } else {
                    complete(claimed, type, owner.get(), outcome, writes);
                }
            }
            case Resolver.Resolution.NotThere(Consumer<SqlExecutor> ifFinal) -> {
                if (claimed.attempts() < ATTEMPTS_TO_APPEAR) {
                    retry(claimed, "not_there");
                } else {
                    complete(claimed, type, owner.get(), "not_there", ifFinal);
                }
            }
            case Resolver.Resolution.Unresolved(Answer answer) -> unresolved(claimed, answer);
        }
    }

    private void complete(Claimed claimed, EventType type, Owner owner, String outcome, Consumer<SqlExecutor> writes) {
        boolean unreadable = outcome.equals("unreadable");
        boolean stored = database.transaction(tx -> {
            if (!links.holdLinked(tx, owner)) {
                Inbox.park(tx, claimed);
                return false;
            }
            writes.accept(tx);
            links.touchWebhook(tx, owner.whoopUserId());
            sync.cyclesMayHaveChanged(tx, owner.member());
            Inbox.finish(tx, claimed, unreadable ? "dead" : "done", outcome);
            return true;
        });
        if (!stored) {
            return;
        }
        feed.wake();
        sync.committed();
        meters.processed(type, Duration.between(claimed.receivedAt(), clock.instant()));
        LOG.info(
                "webhook_processed",
                LogField.MEMBER.of(owner.member().value()),
                LogField.TYPE.of(type.code()),
                LogField.OUTCOME.of(outcome),
                LogField.TRACE_ID.of(claimed.event().traceId()));
    }

    private void unresolved(Claimed claimed, Answer answer) {
        switch (answer) {
            case Answer.Later(Duration wait, String reason) -> Inbox.reschedule(database, claimed, wait, reason, true);
            // The link is lost or was ended meanwhile: should it come back, so does the event.
            case Answer.Gone() -> Inbox.park(database, claimed);
            case Answer.Failed(String reason) -> retry(claimed, reason);
            case Answer.Found _, Answer.Absent _, Answer.Unauthorized _ -> retry(claimed, "unexpected");
        }
    }

    private void retry(Claimed claimed, String reason) {
        if (claimed.attempts() >= MOST_ATTEMPTS) {
            Inbox.finish(database, claimed, "dead", reason);
            LOG.error(
                    "webhook_dead",
                    LogField.TRACE_ID.of(claimed.event().traceId()),
                    LogField.REASON.of(reason),
                    LogField.ATTEMPT.of(claimed.attempts()));
            return;
        }
        Inbox.reschedule(database, claimed, pause(claimed.attempts()), reason, false);
    }

    /** Full jitter: anything from nothing to the doubled pause, so that failures do not come back together. */
    private Duration pause(int attempts) {
        long cap = Math.min(settings.retryCap().toMillis(), settings.retryBase().toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(random.nextLong(cap + 1));
    }
}
