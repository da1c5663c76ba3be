package io.vitals.whoop.webhook;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkDirectory;
import io.vitals.whoop.link.OAuthSettings;
import io.vitals.whoop.link.TokenAccess;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.quota.Quota;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.support.Keys;
import io.vitals.whoop.support.TestDatabases;
import io.vitals.whoop.sync.Sync;
import io.vitals.whoop.sync.SyncSettings;
import io.vitals.whoop.upstream.WhoopApi;

import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The webhook feature with a database of its own and a WHOOP that the test writes. Nothing works in the background unless asked to. */
final class WebhookFeature implements AutoCloseable {
    static final Secret SECRET = Secret.of("present-secret");
    static final Secret PREVIOUS = Secret.of("previous-secret");
    static final WebhookSettings.Limits NO_LIMITS =
            new WebhookSettings.Limits(1_000_000, 1_000_000, 1_000_000, 1_000_000);

    private static final Clock CLOCK = Clock.systemUTC();

    private final SecureRandom random = new SecureRandom();
    private final SandboxDatabase sandbox = TestDatabases.migrated();
    private final Connection owner = connect(sandbox);
    private final Envelope envelope = Envelope.fromKeyset(Keys.keyset());
    private final AtomicLong accounts = new AtomicLong(1000);
    private final OutboundClient client;
    private final HttpServer server;
    final Database database = TestDatabases.open(sandbox);
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final FakeWhoop whoop = new FakeWhoop();
    final LinkDirectory links = new LinkDirectory();
    final Webhooks webhooks;
    final Sync sync;

    WebhookFeature() {
        this(NO_LIMITS);
    }

    WebhookFeature(WebhookSettings.Limits limits) {
        client = OutboundClient.builder("fake", whoop.url())
                .deadline(Duration.ofSeconds(5))
                .connectTimeout(Duration.ofSeconds(2))
                .maxBody(DataSize.parse("1MiB"))
                .circuitDelay(Duration.ofMillis(1))
                .build(registry, Tracer.noOp());
        Feed feed = new Feed(database);
        AuditLog audit = new AuditLog(registry);
        Records records = new Records(feed, CLOCK, registry);
        // Attempts are counted here; how WHOOP is spared while it fails is shown elsewhere.
        WhoopApi api = new WhoopApi(
                client, new Quota(database, random, registry), Duration.ofMillis(10), Duration.ofMillis(1), registry);
        URI unused = URI.create("http://127.0.0.1:1/unused");
        TokenAccess tokens = new TokenAccess(
                database,
                envelope,
                client,
                "/token",
                new OAuthSettings(unused, "app", SECRET, unused, true),
                api,
                feed,
                audit,
                CLOCK,
                random,
                registry);
        sync = new Sync(database, syncSettings(), links, tokens, api, records, feed, audit, CLOCK, random, registry);
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
                CLOCK,
                random,
                registry);
        server = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), random)
                .listener("public", new ListenerSettings("127.0.0.1", 0), DataSize.parse("64KiB"), webhooks::routes)
                .build()
                .start();
        execute("UPDATE quota SET minute_limit = 100000000, day_limit = 100000000");
    }

    private static SyncSettings syncSettings() {
        return new SyncSettings(
                30,
                Duration.ofDays(3),
                2,
                Duration.ofSeconds(30),
                Duration.ofMillis(100),
                Duration.ofHours(1),
                Duration.ofHours(1),
                Duration.ofHours(6),
                Duration.ofDays(1),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                30,
                Duration.ofDays(1),
                Duration.ofHours(1));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port("public") + "/webhooks/whoop");
    }

    long newAccount() {
        return accounts.incrementAndGet();
    }

    /** A member linked with a new account. */
    Owner linked() {
        return link(newAccount());
    }

    /** Links a new member, as the OAuth flow would: listeners run in the same transaction. */
    Owner link(long account) {
        MemberId member = new MemberId(UUID.randomUUID());
        byte[] sealed = envelope.seal(
                Secret.of(Long.toString(account)), Envelope.place(member.toString(), "whoop", "access_token"));
        database.transaction(tx -> {
            tx.execute(
                    Sql.named("test-link", """
                            INSERT INTO link (member_id, whoop_user_id, state, since, scopes, access_token, access_expires_at)
                            VALUES (:member, :user, 'active', now(), '', :token, now() + INTERVAL '1 day')"""), Params.of("member", member.value(), "user", account, "token", sealed));
            webhooks.linked(tx, member, account);
            return true;
        });
        return new Owner(member, account);
    }

    /** An event told now, of something that happened at a version of FakeWhoop's time. */
    Event event(long account, UUID object, String type, long version) {
        return new Event(UUID.randomUUID().toString(), account, object, type, whoop.time(version));
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

    String state(Event event) {
        return text("SELECT state || ' ' || coalesce(outcome, '-') FROM webhook_inbox WHERE trace_id = '"
                + event.traceId() + "'");
    }

    /** What the audit log has of an action, as object, outcome and reason. */
    List<String> audited(String action) {
        return texts("SELECT concat_ws(' ', object, outcome, reason) FROM audit_event WHERE action = '" + action
                + "' ORDER BY id");
    }

    synchronized void execute(String sql) {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    long number(String sql) {
        return Long.parseLong(text(sql));
    }

    String text(String sql) {
        return texts(sql).stream().findFirst().orElse("");
    }

    synchronized List<String> texts(String sql) {
        try (Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(String.valueOf(rows.getString(1)));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(SandboxDatabase sandbox) {
        try {
            return sandbox.connectAsOwner();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
        client.close();
        whoop.close();
        database.close();
        try {
            owner.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
