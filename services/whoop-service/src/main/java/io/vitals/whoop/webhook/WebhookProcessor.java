package io.vitals.whoop.webhook;

import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;
import io.vitals.whoop.webhook.Claim.Announcement;
import io.vitals.whoop.webhook.Resolver.Resolution;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Works the inbox off. Any replica takes any event; one that dies leaves its claim to run out. */
final class WebhookProcessor {
    private static final EventLog LOG = EventLog.of(WebhookProcessor.class);
    private static final int MOST_ATTEMPTS = 8;

    /** Restarts and lost databases cost an event nothing, but one that kills its worker each time has to stop somewhere. */
    private static final int MOST_LOST_CLAIMS = 20;

    /** WHOOP may announce a change before its answers show it. */
    private static final int LOOKS_BEFORE_BELIEVING = 3;

    /** A glitch of WHOOP's mends itself; only what stays unreadable is set aside. */
    private static final int ATTEMPTS_TO_READ = 3;

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Database database;
    private final WebhookSettings settings;
    private final LinkDirectory links;
    private final Resolver resolver;
    private final Feed feed;
    private final Sync sync;
    private final AuditLog audit;
    private final WebhookMeters meters;
    private final Handover trace;
    private final Clock clock;
    private final RandomGenerator random;

    WebhookProcessor(
            Database database,
            WebhookSettings settings,
            LinkDirectory links,
            Resolver resolver,
            Feed feed,
            Sync sync,
            AuditLog audit,
            WebhookMeters meters,
            Handover trace,
            Clock clock,
            RandomGenerator random) {
        this.database = database;
        this.settings = settings;
        this.links = links;
        this.resolver = resolver;
        this.feed = feed;
        this.sync = sync;
        this.audit = audit;
        this.meters = meters;
        this.trace = trace;
        this.clock = clock;
        this.random = random;
    }

    /** One record at a time, so that a slow fetch holds up nothing but itself; returns whether there was one. */
    boolean step() {
        Claim claim = Inbox.claim(database, new UUID(random.nextLong(), random.nextLong()), settings.claim());
        if (claim.empty()) {
            return false;
        }
        return trace.goOn("process webhook", claim.newest().event().traceparent(), () -> {
            process(claim);
            return true;
        });
    }

    private void process(Claim claim) {
        try {
            if (claim.lostClaims() >= MOST_LOST_CLAIMS) {
                bury(claim, "worker_lost");
            } else {
                work(claim);
            }
        } catch (DatabaseException e) {
            // Nothing the event could help: while the database is away the claim simply runs out.
            LOG.warn("webhook_failed", e, LogField.REASON.of(e.kind()), traceOf(claim));
            switch (e.kind()) {
                case CONNECTION, SERIALIZATION -> Inbox.defer(database, claim, jittered(SOON), "database");
                case TIMEOUT, CONSTRAINT, DATA, OTHER -> retry(claim, "database");
            }
        } catch (RuntimeException e) {
            LOG.error("webhook_failed", e, traceOf(claim));
            retry(claim, "internal");
        }
    }

    private void work(Claim claim) {
        Announcement event = claim.announcement();
        Optional<Owner> owner = links.ownerOf(database, event.whoopUserId());
        if (owner.isEmpty()) {
            park(claim, "member_unknown");
            return;
        }
        switch (WhoopApi.again(claim.attempts() > 0, () -> resolver.resolve(owner.get(), event))) {
            case Resolution.Write(String outcome, Consumer<SqlExecutor> writes) -> {
                if (outcome.equals("unreadable") && claim.attempts() + 1 < ATTEMPTS_TO_READ) {
                    retry(claim, outcome);
                } else {
                    complete(claim, owner.get(), outcome, writes);
                }
            }
            case Resolution.Contradicted(String outcome, Consumer<SqlExecutor> ifFinal) -> {
                if (claim.attempts() + 1 < LOOKS_BEFORE_BELIEVING) {
                    retry(claim, outcome);
                } else {
                    complete(claim, owner.get(), outcome, ifFinal);
                }
            }
            case Resolution.Unresolved(Answer answer) -> unresolved(claim, answer);
        }
    }

    private void complete(Claim claim, Owner owner, String outcome, Consumer<SqlExecutor> writes) {
        boolean dead = outcome.equals("unreadable");
        boolean stored = database.transaction(tx -> {
            if (!links.holdLinked(tx, owner)) {
                return false;
            }
            writes.accept(tx);
            links.touchWebhook(tx, owner.whoopUserId());
            sync.cyclesMayHaveChanged(tx, owner.member());
            Inbox.finish(tx, claim, dead ? "dead" : "done", outcome);
            if (dead) {
                auditDead(tx, claim.newest().event().traceId(), outcome);
            }
            return true;
        });
        if (!stored) {
            park(claim, "link_ended");
            return;
        }
        feed.wake();
        sync.committed();
        for (Claim.Item item : claim.items()) {
            meters.processed(item.event().type(), Duration.between(item.receivedAt(), clock.instant()));
        }
        LOG.info(
                "webhook_processed",
                LogField.MEMBER.of(owner.member().value()),
                LogField.TYPE.of(claim.newest().event().type()),
                LogField.OUTCOME.of(outcome),
                LogField.COUNT.of(claim.items().size()),
                traceOf(claim));
    }

    private void unresolved(Claim claim, Answer answer) {
        switch (answer) {
            case Answer.Later(Duration wait, String reason) -> Inbox.defer(database, claim, wait, reason);
            // The link is lost or was ended meanwhile: should it come back, so does the event.
            case Answer.Gone() -> park(claim, "link_lost");
            case Answer.Failed(String reason) -> retry(claim, reason);
            case Answer.Found _, Answer.Absent _, Answer.Unauthorized _ -> retry(claim, "unexpected");
        }
    }

    private void park(Claim claim, String why) {
        long account = claim.newest().event().whoopUserId();
        database.transaction(tx -> {
            Inbox.lockAccount(tx, account);
            if (links.usable(tx, account)) {
                // Linked a moment ago, after we looked.
                Inbox.defer(tx, claim, SOON, why);
            } else {
                Inbox.park(tx, claim, why);
            }
            return true;
        });
    }

    private void retry(Claim claim, String reason) {
        fail(claim, pause(claim.attempts() + 1), reason, MOST_ATTEMPTS);
    }

    private void bury(Claim claim, String reason) {
        fail(claim, Duration.ZERO, reason, 0);
    }

    private void fail(Claim claim, Duration wait, String reason, int most) {
        database
                .transaction(tx -> {
                    var failed = Inbox.fail(tx, claim, wait, reason, most);
                    failed.stream().filter(Inbox.Failed::dead).forEach(dead -> auditDead(tx, dead.traceId(), reason));
                    return failed;
                })
                .stream()
                .filter(Inbox.Failed::dead)
                .forEach(dead -> LOG.error(
                        "webhook_dead",
                        LogField.WHOOP_TRACE_ID.of(dead.traceId()),
                        LogField.REASON.of(reason),
                        LogField.ATTEMPT.of(dead.attempts())));
    }

    private void auditDead(SqlExecutor tx, String traceId, String reason) {
        audit.append(
                tx,
                AuditEvent.of("webhook.dead", "system", null)
                        .withObject(traceId)
                        .withOutcome("dead")
                        .withReason(reason));
    }

    private static LogField.Entry traceOf(Claim claim) {
        return LogField.WHOOP_TRACE_ID.of(claim.newest().event().traceId());
    }

    /** Full jitter: anything from nothing to the doubled pause, so that failures do not come back together. */
    private Duration pause(int attempts) {
        long cap = Math.min(settings.retryCap().toMillis(), settings.retryBase().toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(random.nextLong(cap + 1));
    }

    private Duration jittered(Duration most) {
        return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }
}
