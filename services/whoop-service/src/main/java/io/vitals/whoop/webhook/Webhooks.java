package io.vitals.whoop.webhook;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Failure;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.link.LinkListener;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.upstream.WhoopApi;
import io.vitals.whoop.webhook.WebhookMeters.Outcome;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final WebhookSignature signature;
    private final WebhookMeters meters;
    private final WebhookProcessor processor;
    private final Clock clock;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();

    /**
     * Takes its parts; {@link #startWorkers()} sets them to work.
     *
     * @param secret the WHOOP app's client secret, which signs the webhooks
     * @param sync told of each stored event, as it may call for more to be fetched
     */
    public Webhooks(
            Database database,
            WebhookSettings settings,
            Secret secret,
            LinkDirectory links,
            TokenAccess tokens,
            WhoopApi api,
            Records records,
            Feed feed,
            Sync sync,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry) {
        this.database = database;
        this.settings = settings;
        this.signature = new WebhookSignature(secret, settings.maxSkew(), clock);
        this.meters = new WebhookMeters(registry);
        this.clock = clock;
        this.processor = new WebhookProcessor(
                database,
                settings,
                links,
                new Resolver(database, tokens, api, records),
                feed,
                sync,
                meters,
                clock,
                random);
    }

    /** The public route. */
    public void routes(Routes routes) {
        routes.post("/webhooks/whoop", this::receive);
    }

    private void receive(ServerRequest request, ServerResponse response) {
        byte[] body = Bodies.read(request);
        switch (signature.judge(header(request, TIMESTAMP), header(request, SIGNATURE), body)) {
            case WebhookSignature.Verdict.Forged() -> throw refuse(new SignatureInvalid(), Outcome.BAD_SIGNATURE);
            case WebhookSignature.Verdict.Stale() -> throw refuse(new SignatureInvalid(), Outcome.STALE);
            case WebhookSignature.Verdict.Genuine(var sentAt) -> {
                Event event = Event.read(body, sentAt)
                        .orElseThrow(() -> refuse(
                                new CommonFailure.InvalidInput("body", "is not a WHOOP version 2 event"),
                                Outcome.MALFORMED));
                accept(event);
                Replies.empty(response, 204);
            }
        }
    }

    private void accept(Event event) {
        boolean fresh;
        try {
            fresh = Inbox.add(database, event, EventType.of(event.type()).isPresent());
        } catch (DatabaseException e) {
            meters.received(event.type(), Outcome.ERROR, clock.instant());
            throw e.kind() == DatabaseException.Kind.CONNECTION
                    ? new CommonFailure.Unavailable("The event could not be stored.", Duration.ofSeconds(5))
                            .toException()
                    : e;
        }
        meters.received(event.type(), fresh ? Outcome.ACCEPTED : Outcome.DUPLICATE, clock.instant());
        if (fresh) {
            wake();
        }
    }

    private RuntimeException refuse(Failure failure, Outcome outcome) {
        meters.received(WebhookMeters.OTHER, outcome, clock.instant());
        LOG.warn("webhook_refused", LogField.REASON.of(outcome));
        return failure.toException();
    }

    /** A header that comes twice could be read in two ways, so it counts as none. */
    private static @Nullable String header(ServerRequest request, HeaderName name) {
        List<String> values = request.headers().all(name, List::of);
        return values.size() == 1 ? values.getFirst() : null;
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

    private boolean upkeep() {
        meters.backlog(Inbox.measure(database));
        Inbox.purge(database);
        return false;
    }

    private void wake() {
        workers.forEach(Worker::wake);
    }

    /** Events that came before their link was made are worked off now. */
    @Override
    public void linked(SqlExecutor tx, MemberId member, long whoopUserId) {
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
