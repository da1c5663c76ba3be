package io.vitals.whoop.support;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** What a feature works with, on a database of its own and a WHOOP that the test writes. Nothing works in the background. */
public class FakeWhoopScene implements AutoCloseable {
    public static final Secret SECRET = Secret.of("present-secret");
    public static final Clock CLOCK = Clock.systemUTC();

    private final SandboxDatabase sandbox = TestDatabases.migrated();
    private final Connection owner = connect(sandbox);
    private final Envelope envelope = Envelope.fromKeyset(Keys.keyset());
    private final AtomicLong accounts = new AtomicLong(1000);
    private final OutboundClient client;
    public final SecureRandom random = new SecureRandom();
    public final Database database = TestDatabases.open(sandbox);
    public final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    public final FakeWhoop whoop = new FakeWhoop();
    public final LinkDirectory links = new LinkDirectory();
    public final Feed feed = new Feed(database);
    public final AuditLog audit = new AuditLog(registry);
    public final Records records = new Records(feed, CLOCK, registry);
    public final WhoopApi api;
    public final TokenAccess tokens;

    /**
     * Opens it.
     *
     * @param retryWindow over which the share of repetitions is kept small while WHOOP fails
     */
    public FakeWhoopScene(Duration retryWindow) {
        client = OutboundClient.builder("fake", whoop.url())
                .deadline(Duration.ofSeconds(5))
                .connectTimeout(Duration.ofSeconds(2))
                .maxBody(DataSize.parse("1MiB"))
                .circuitDelay(Duration.ofMillis(1))
                .build(registry, Tracer.noOp());
        api = new WhoopApi(client, new Quota(database, random, registry), retryWindow, Duration.ofMillis(1), registry);
        URI unused = URI.create("http://127.0.0.1:1/unused");
        tokens = new TokenAccess(
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
        execute("UPDATE quota SET minute_limit = 100000000, day_limit = 100000000");
    }

    /** Settings with short pauses; members are compared completely as often as told. */
    public static SyncSettings syncSettings(Duration reconciliationInterval) {
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
                reconciliationInterval,
                Duration.ofHours(1));
    }

    public long newAccount() {
        return accounts.incrementAndGet();
    }

    /** A member linked with a new account. */
    public Owner linked() {
        return link(newAccount());
    }

    /** Links a new member, as the OAuth flow would. */
    public Owner link(long account) {
        MemberId member = new MemberId(UUID.randomUUID());
        byte[] sealed = envelope.seal(
                Secret.of(Long.toString(account)), Envelope.place(member.toString(), "whoop", "access_token"));
        database.transaction(tx -> {
            tx.execute(
                    Sql.named("test-link", """
                            INSERT INTO link (member_id, whoop_user_id, state, since, scopes, access_token, access_expires_at)
                            VALUES (:member, :user, 'active', now(), '', :token, now() + INTERVAL '1 day')"""), Params.of("member", member.value(), "user", account, "token", sealed));
            linked(tx, new Owner(member, account));
            return true;
        });
        return new Owner(member, account);
    }

    /** In the transaction that makes a link, as listeners are told. */
    protected void linked(SqlExecutor tx, Owner made) {}

    public final synchronized void execute(String sql) {
        try (Statement statement = owner.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public long number(String sql) {
        return Long.parseLong(text(sql));
    }

    public String text(String sql) {
        return texts(sql).stream().findFirst().orElse("");
    }

    public final synchronized List<String> texts(String sql) {
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

    @Override
    public void close() {
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
