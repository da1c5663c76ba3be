package io.vitals.whoop.link;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.sandbox.whoop.WhoopSimulator;
import io.vitals.sandbox.whoop.WhoopSimulatorConfig;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.quota.Quota;
import io.vitals.whoop.support.Keys;
import io.vitals.whoop.support.TestDatabases;
import io.vitals.whoop.upstream.Answer;
import io.vitals.whoop.upstream.WhoopApi;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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
import java.util.concurrent.atomic.AtomicInteger;

/** The link feature on a database of its own against a simulated WHOOP. */
final class SimulatedLinks implements AutoCloseable {
    static final URI REDIRECT = URI.create("http://localhost:8080/callback");
    static final Clock CLOCK = Clock.systemUTC();

    final MeterRegistry registry = new SimpleMeterRegistry();
    final Secret keyset = Keys.keyset();
    final SandboxDatabase sandbox = TestDatabases.migrated();
    final Database database = TestDatabases.open(sandbox);
    final WhoopSimulator whoop;
    private final AtomicInteger accounts = new AtomicInteger();
    private final SecureRandom random = new SecureRandom();
    private final OutboundClient apiClient;
    private final OutboundClient tokenClient;
    private final WhoopApi api;
    private final OAuthSettings settings;

    private SimulatedLinks(int accounts) {
        whoop = WhoopSimulator.start(
                WhoopSimulatorConfig.of("app", "secret", REDIRECT.toString()).withQuota(100_000, 1_000_000),
                Population.of(5, accounts, CLOCK));
        settings = settings(whoop.authorizeUrl());
        apiClient = client(whoop.apiBaseUrl());
        tokenClient = client(whoop.tokenUrl().resolve("."));
        api = new WhoopApi(apiClient, new Quota(database, random, registry), registry);
    }

    static SimulatedLinks start(int accounts) {
        return new SimulatedLinks(accounts);
    }

    static OAuthSettings settings(URI authorizeUrl) {
        return new OAuthSettings(authorizeUrl, "app", Secret.of("secret"), REDIRECT, true);
    }

    static OutboundClient client(URI base) {
        return client(base, Duration.ofSeconds(5));
    }

    static OutboundClient client(URI base, Duration deadline) {
        return OutboundClient.builder("whoop", base)
                .deadline(deadline)
                .connectTimeout(Duration.ofSeconds(2))
                .maxBody(DataSize.parse("1MiB"))
                .build(new SimpleMeterRegistry(), Tracer.noOp());
    }

    TokenAccess tokens() {
        return tokens(keyset, RefreshSteps.NOBODY);
    }

    TokenAccess tokens(RefreshSteps steps) {
        return tokens(keyset, steps);
    }

    /** A replica's token access under any keyset. */
    TokenAccess tokens(Secret keys, RefreshSteps steps) {
        return tokens(keys, steps, registry);
    }

    TokenAccess tokens(Secret keys, RefreshSteps steps, MeterRegistry meters) {
        return new TokenAccess(
                database,
                Envelope.fromKeyset(keys),
                new TokenEndpoint(tokenClient, "/token", settings),
                api,
                transitions(),
                random,
                meters,
                steps);
    }

    Transitions transitions() {
        return new Transitions(database, new Feed(database), new AuditLog(registry), CLOCK);
    }

    Links links(TokenAccess tokens, LinkListener... listeners) {
        return links(tokens, registry, listeners);
    }

    Links links(TokenAccess tokens, MeterRegistry meters, LinkListener... listeners) {
        return new Links(database, tokens, api, settings, List.of(listeners), random, meters);
    }

    /** Links of which only calls of the API go elsewhere. */
    Links links(OutboundClient calls) {
        WhoopApi elsewhere =
                new WhoopApi(calls, new Quota(database, random, new SimpleMeterRegistry()), new SimpleMeterRegistry());
        return new Links(database, tokens(), elsewhere, settings, List.of(), random, new SimpleMeterRegistry());
    }

    /** The number of a simulated account that no test has had before. */
    int newAccount() {
        return accounts.incrementAndGet();
    }

    MemberId connect() {
        return connect(newAccount());
    }

    MemberId connect(int account) {
        MemberId member = new MemberId(UUID.randomUUID());
        connect(member, account, links(tokens()));
        return member;
    }

    void connect(MemberId member, int account, Links links) {
        finish(member, whoop.approve(links.start(member, "session").url(), account), links);
    }

    void finish(MemberId member, URI sentBack, Links links) {
        try {
            links.callback(member, parameter(sentBack, "state"), "session", parameter(sentBack, "code"), null);
        } catch (FailureException e) {
            throw new AssertionError(e.failure().detail(), e);
        }
    }

    static String parameter(URI uri, String name) {
        for (String pair : uri.getRawQuery().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no " + name);
    }

    Answer profile(TokenAccess tokens, MemberId member) {
        return tokens.call(member, token -> api.profile(token, Lane.WEBHOOK));
    }

    LinkRow row(MemberId member) {
        return new LinkRepository().find(database, member).orElseThrow();
    }

    /** The access token's time is over and its refresh is due. */
    void expireHere(MemberId member) {
        database.execute(
                Sql.named(
                        "test-expire",
                        "UPDATE link SET access_expires_at = now(), refresh_due_at = now() WHERE member_id = :member"),
                Params.of("member", member.value()));
    }

    /** What time would do: the lease of a dead holder and the pause after a failure run out. */
    void letTimePass(MemberId member) {
        database.execute(Sql.named("test-time", """
                        UPDATE link SET lease_until = CASE WHEN lease_until IS NULL THEN NULL ELSE now() END, refresh_due_at = now()
                        WHERE member_id = :member"""), Params.of("member", member.value()));
    }

    /** The member's audit entries as action and reason, in order; the application itself cannot read them. */
    List<String> audit(MemberId member) {
        return asOwner("SELECT action || coalesce(' ' || reason, '') FROM audit_event WHERE member_id = '"
                + member.value() + "' ORDER BY id");
    }

    /** How often those who follow the feed were told of the member's link. */
    int told(MemberId member) {
        return asOwner("SELECT seq FROM change WHERE kind = 'link' AND member_id = '" + member.value() + "'")
                .size();
    }

    /** Runs a statement behind the application's back; answers its first column. */
    List<String> asOwner(String sql) {
        List<String> answers = new ArrayList<>();
        try (Connection connection = sandbox.connectAsOwner();
                Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    answers.add(rows.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return answers;
    }

    @Override
    public void close() {
        apiClient.close();
        tokenClient.close();
        whoop.close();
        database.close();
    }
}
