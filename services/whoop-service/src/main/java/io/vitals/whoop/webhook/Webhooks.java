package io.vitals.whoop.webhook;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Failure;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimiter;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.link.LinkListener;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.upstream.WhoopApi;
import io.vitals.whoop.webhook.WebhookMeters.Outcome;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Takes WHOOP's webhooks: verified, written to the inbox, committed, and only then answered. Workers turn each into the record it speaks of.
 */
public final class Webhooks implements LinkListener, AutoCloseable {
    private static final EventLog LOG = EventLog.of(Webhooks.class);
    private static final HeaderName SIGNATURE = HeaderNames.create("X-WHOOP-Signature");
    private static final HeaderName TIMESTAMP = HeaderNames.create("X-WHOOP-Signature-Timestamp");

    private final Database database;
    private final WebhookSettings settings;
    private final ClientAddresses addresses;
    private final SourceLimiter limiter;
    private final WebhookSignature signature;
    private final RefusalLog refusals = new RefusalLog(System::nanoTime);
    private final AuditLog audit;
    private final WebhookMeters meters;
    private final Intake intake;
    private final WebhookProcessor processor;
    private final WebhookReplay replay;
    private final Clock clock;
    private final AtomicBoolean lastKnown = new AtomicBoolean();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /**
     * Takes its parts; {@link #startWorkers()} sets them to work.
     *
     * @param secrets the WHOOP app's client secret, which signs the webhooks; during a rotation the one before it, too
     * @param sync told of each stored event, as it may call for more to be fetched
     */
    public Webhooks(
            Database database,
            WebhookSettings settings,
            List<Secret> secrets,
            LinkDirectory links,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            Sync sync,
            AuditLog audit,
            Handover trace,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry) {
        this.database = database;
        this.settings = settings;
        this.addresses = new ClientAddresses(settings.limits().trustedProxies());
        this.limiter = settings.limits().rates().limiter(System::nanoTime, random);
        this.signature = new WebhookSignature(secrets, settings.maxSkew(), clock);
        this.audit = audit;
        this.meters = new WebhookMeters(registry);
        this.intake = new Intake(database, Intake.LIMITS, this::wake);
        this.clock = clock;
        this.replay = new WebhookReplay(database, audit, meters::replayed);
        this.processor = new WebhookProcessor(
                database,
                settings,
                links,
                new Resolver(database, tokens, api, records, audit, clock),
                feed,
                sync,
                audit,
                meters,
                trace,
                clock,
                random);
    }

    /** The public route. */
    public void routes(Routes routes) {
        routes.post("/webhooks/whoop", this::receive);
    }

    /** Puts events back into the queue. */
    public WebhookReplay replay() {
        return replay;
    }

    /** The statement with which a worker takes an event, for a bench that looks at its plan. */
    public static Sql claimStatement() {
        return Inbox.CLAIM;
    }

    private void receive(ServerRequest request, ServerResponse response) {
        limiter.take(addresses.of(request)).ifPresent(this::turnAway);
        byte[] body = read(request);
        switch (signature.judge(headers(request, TIMESTAMP), headers(request, SIGNATURE), body)) {
            case WebhookSignature.Verdict.Forged() -> throw refuse(new SignatureInvalid(), Outcome.BAD_SIGNATURE);
            case WebhookSignature.Verdict.Stale() -> throw refuse(new SignatureInvalid(), Outcome.STALE);
            case WebhookSignature.Verdict.Genuine(var sentAt, int secret) -> {
                meters.signedWith(secret);
                Event event = Event.read(body, sentAt)
                        .orElseThrow(() -> refuse(
                                new CommonFailure.InvalidInput("body", "is not a WHOOP version 2 event"),
                                Outcome.MALFORMED));
                accept(event);
                Replies.empty(response, 204);
            }
        }
    }

    /** Before anything of the delivery is read: a flood must not get as far as costing a hash. */
    private void turnAway(SourceLimiter.Refusal refusal) {
        meters.limited(refusal.scope());
        throw new CommonFailure.RateLimited(refusal.retryAfter()).toException();
    }

    private byte[] read(ServerRequest request) {
        try {
            return Bodies.read(request);
        } catch (FailureException | UncheckedIOException e) {
            // Too large, or it did not arrive in full.
            meters.received(WebhookMeters.OTHER, Outcome.MALFORMED, clock.instant());
            throw e;
        }
    }

    private static List<String> headers(ServerRequest request, HeaderName name) {
        return request.headers().all(name, List::of);
    }

    /** Takes a verified event in; it is safe once this returns. */
    void accept(Event event) {
        boolean fresh;
        try {
            fresh = intake.add(event);
        } catch (RuntimeException e) {
            meters.received(event.type(), Outcome.ERROR, clock.instant());
            throw e;
        }
        meters.received(event.type(), fresh ? Outcome.ACCEPTED : Outcome.DUPLICATE, clock.instant());
    }

    private RuntimeException refuse(Failure failure, Outcome outcome) {
        meters.received(WebhookMeters.OTHER, outcome, clock.instant());
        refusals.refused(outcome);
        return failure.toException();
    }

    /** Starts working the inbox off. */
    public Webhooks startWorkers() {
        for (int i = 1; i <= settings.workers(); i++) {
            // All are woken by what this process accepts; one looks for the rest.
            Duration idle = i == 1 ? settings.poll() : settings.poll().multipliedBy(20);
            workers.add(Worker.start("webhook-" + i, idle, processor::step));
        }
        workers.add(Worker.start("webhook-upkeep", Duration.ofSeconds(10), this::upkeep));
        return this;
    }

    /** Measures and clears out; returns whether there is more to clear out. */
    boolean upkeep() {
        if (!lastKnown.get()) {
            WebhookMeters.types()
                    .forEach(type -> InboxUpkeep.last(database, type).ifPresent(then -> meters.seen(type, then)));
            lastKnown.set(true);
        }
        meters.measured(InboxUpkeep.backlog(database), InboxUpkeep.dead(database));
        return expire() + InboxUpkeep.forget(database) >= InboxUpkeep.BATCH;
    }

    private int expire() {
        List<InboxUpkeep.Expired> expired = database.transaction(tx -> {
            List<InboxUpkeep.Expired> batch = InboxUpkeep.expire(tx);
            batch.forEach(one -> audit.append(
                    tx,
                    AuditEvent.of("webhook.expired", "system", null)
                            .withObject(one.traceId())
                            .withOutcome("expired")
                            .withReason(one.reason())));
            return batch;
        });
        if (!expired.isEmpty()) {
            meters.expired(expired.size());
            LOG.warn("webhooks_expired", LogField.COUNT.of(expired.size()));
        }
        return expired.size();
    }

    /** One piece of work, for tests that decide when it is done. */
    boolean step() {
        return processor.step();
    }

    private void wake() {
        workers.forEach(Worker::wake);
    }

    /** Events that came before their link was made are worked off now. */
    @Override
    public void linked(SqlExecutor tx, MemberId member, long whoopUserId) {
        Inbox.lockAccount(tx, whoopUserId);
        Inbox.unpark(tx, whoopUserId);
    }

    @Override
    public void committed() {
        wake();
    }

    /** Ends the workers; what they hold goes back when its claim runs out. */
    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
