package io.vitals.health.sahha;

import io.helidon.tracing.Tracer;
import io.helidon.webserver.http.Handler;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.lifecycle.Worker;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.outbound.OutboundClient;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * The Sahha feature of one process: the webhook route at once, polling and the inbox from {@link #start()} on. Every
 * replica runs the same workers; claims in the database keep them apart.
 */
public final class SahhaService implements Sahha, AutoCloseable {
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration MEASURED_EVERY = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofSeconds(8);
    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Thirty days of biomarkers are some hundred kilobytes. */
    private static final DataSize MOST_ANSWER = new DataSize(8L * 1024 * 1024);

    private final Database db;
    private final SahhaListener listener;
    private final Clock clock;
    private final OutboundClient http;
    private final Poller poller;
    private final InboxWorker inbox;
    private final InboxMeter inboxMeter;
    private final WebhookIntake webhook;
    private @Nullable Worker pollWorker;
    private volatile @Nullable Worker inboxWorker;
    private @Nullable Worker measureWorker;

    /**
     * Builds without starting anything.
     *
     * @param envelope seals the account token that the replicas share
     * @param addresses tells where an event comes from
     * @param random spreads the polls and names claims; it need not be unguessable
     */
    public SahhaService(
            Database db,
            SahhaSettings settings,
            Envelope envelope,
            SahhaListener listener,
            ClientAddresses addresses,
            Clock clock,
            RandomGenerator random,
            MeterRegistry registry,
            Tracer tracer) {
        this.db = db;
        this.listener = listener;
        this.clock = clock;
        this.http = OutboundClient.builder("sahha", settings.apiBaseUrl())
                .deadline(DEADLINE)
                .connectTimeout(CONNECT)
                .maxBody(MOST_ANSWER)
                .build(registry, tracer);
        RecordMeter meter = new RecordMeter(registry);
        AccountTokens tokens = new AccountTokens(db, envelope, settings.clientId(), clock, random);
        SahhaClient client = new SahhaClient(http, settings, tokens, clock);
        this.poller = new Poller(db, client, listener, meter, clock, random, settings.pollInterval());
        this.inbox = new InboxWorker(db, listener, meter, clock);
        this.inboxMeter = new InboxMeter(registry);
        this.webhook = new WebhookIntake(
                db,
                settings.webhookSecret(),
                addresses,
                settings.webhookLimits().limiter(System::nanoTime, random),
                clock,
                this::wakeInbox,
                registry);
    }

    /** Handler of {@code POST /webhooks/sahha}; judges its caller itself, by signature. */
    public Handler webhook() {
        return webhook;
    }

    /** Accepted events that were given up. */
    public SahhaDeadLetters deadLetters() {
        return new SahhaDeadLetters(db, clock, this::wakeInbox);
    }

    public synchronized void start() {
        if (pollWorker == null) {
            pollWorker = Worker.start("sahha-poll", IDLE, poller::step);
            inboxWorker = Worker.start("sahha-inbox", IDLE, inbox::step);
            measureWorker = Worker.start("sahha-measure", MEASURED_EVERY, this::measure);
        }
    }

    @Override
    public void consented(UUID member) {
        db.transaction(tx -> {
            ProfileStore.consent(tx, member, clock.instant())
                    .ifPresent(profile -> listener.stateChanged(tx, member, profile.announced()));
            return member;
        });
        Worker worker = pollWorker;
        if (worker != null) {
            worker.wake();
        }
    }

    @Override
    public void withdrawn(UUID member) {
        db.transaction(tx -> {
            ProfileStore.withdraw(tx, member)
                    .ifPresent(profile -> listener.stateChanged(tx, member, profile.announced()));
            return member;
        });
        listener.committed();
    }

    @Override
    public SahhaRefresh refresh(UUID member, Duration budget) {
        return poller.refresh(member, budget);
    }

    /** Lets the running steps finish, then closes the connections to Sahha. */
    @Override
    public synchronized void close() {
        Worker polling = pollWorker;
        Worker storing = inboxWorker;
        pollWorker = null;
        Worker measuring = measureWorker;
        inboxWorker = null;
        measureWorker = null;
        if (measuring != null) {
            measuring.close();
        }
        if (polling != null) {
            polling.close();
        }
        if (storing != null) {
            storing.close();
        }
        http.close();
    }

    /** Looks how long events have waited and how many were given up; there is never more to do at once. */
    boolean measure() {
        inboxMeter.measured(Inbox.oldest(db), Inbox.dead(db), clock.instant());
        return false;
    }

    private void wakeInbox() {
        Worker worker = inboxWorker;
        if (worker != null) {
            worker.wake();
        }
    }
}
