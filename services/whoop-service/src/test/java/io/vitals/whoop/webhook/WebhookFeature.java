package io.vitals.whoop.webhook;

import io.helidon.tracing.Tracer;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.tracing.Handover;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.support.FakeWhoopScene;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.sync.SyncSettings;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The webhook feature on a database of its own and a WHOOP that the test writes. Nothing works in the background unless asked to. */
final class WebhookFeature extends FakeWhoopScene {
    static final Secret PREVIOUS = Secret.of("previous-secret");
    static final WebhookSettings.Limits NO_LIMITS =
            new WebhookSettings.Limits(1_000_000, 1_000_000, 1_000_000, 1_000_000, List.of());

    private final HttpServer server;
    final Webhooks webhooks;
    final Sync sync;

    WebhookFeature() {
        this(NO_LIMITS);
    }

    WebhookFeature(WebhookSettings.Limits limits) {
        this(limits, Tracer.noOp());
    }

    WebhookFeature(WebhookSettings.Limits limits, Tracer tracer) {
        // Attempts are counted here; how WHOOP is spared while it fails is shown elsewhere.
        super(Duration.ofMillis(10));
        // So short an interval that all members' comparisons begin in one round, and so long that each is made once.
        SyncSettings settings = syncSettings(Duration.ofMinutes(20));
        Handover trace = new Handover(tracer);
        sync = new Sync(database, settings, links, tokens, api, records, feed, audit, trace, CLOCK, random, registry);
        webhooks = new Webhooks(
                database,
                new WebhookSettings(
                        Duration.ofHours(24),
                        4,
                        Duration.ofSeconds(30),
                        Duration.ofMillis(50),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        limits),
                List.of(SECRET, PREVIOUS),
                links,
                tokens,
                api,
                records,
                feed,
                sync,
                audit,
                trace,
                CLOCK,
                random,
                registry);
        server = HttpServer.builder(HttpSettings.defaults(), registry, tracer, random)
                .listener("public", new ListenerSettings("127.0.0.1", 0), DataSize.parse("64KiB"), webhooks::routes)
                .build()
                .start();
    }

    @Override
    protected void linked(SqlExecutor tx, Owner made) {
        webhooks.linked(tx, made.member(), made.whoopUserId());
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port("public") + "/webhooks/whoop");
    }

    /** An event told now, of something that happened at a version of FakeWhoop's time. */
    Event event(long account, UUID object, String type, long version) {
        return new Event(UUID.randomUUID().toString(), account, object, type, whoop.time(version), Handover.current());
    }

    Event accept(long account, UUID object, String type, long version) {
        Event event = event(account, object, type, version);
        webhooks.accept(event);
        return event;
    }

    /** Works until nothing is pending, waiting for nothing. */
    void drain() {
        do {
            while (webhooks.step()) {
                // On to the next.
            }
            execute(
                    "UPDATE webhook_inbox SET due_at = now() - INTERVAL '1 second' WHERE state = 'pending' AND claim_id IS NULL");
        } while (number("SELECT count(*) FROM webhook_inbox WHERE state = 'pending' AND claim_id IS NULL") > 0);
    }

    /** Nothing of a test stays for the next one on the same feature. */
    void forget() {
        whoop.duringCall(path -> {});
        whoop.answerWith(200);
        drain();
        execute("DELETE FROM webhook_inbox");
        whoop.forgetCalls();
    }

    /** Makes an event as old as told. */
    void age(Event event, String by) {
        execute("UPDATE webhook_inbox SET received_at = now() - INTERVAL '" + by + "' WHERE trace_id = '"
                + event.traceId() + "'");
    }

    String state(Event event) {
        return text("SELECT state || ' ' || coalesce(outcome, '-') FROM webhook_inbox WHERE trace_id = '"
                + event.traceId() + "'");
    }

    /** What the audit log has of an action, as object, outcome and reason. */
    List<String> audited(String action) {
        return texts("SELECT concat_ws(' ', object, outcome, reason) FROM audit_event WHERE action = '" + action
                + "' ORDER BY id");
    }

    double counted(String meter, String... tags) {
        return registry.get(meter).tags(tags).counter().count();
    }

    Instant now() {
        return CLOCK.instant();
    }

    @Override
    public void close() {
        server.close();
        webhooks.close();
        sync.close();
        super.close();
    }
}
