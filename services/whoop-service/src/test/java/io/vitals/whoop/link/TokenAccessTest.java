package io.vitals.whoop.link;

import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class TokenAccessTest {
    private static final URI REDIRECT = URI.create("http://localhost:8080/callback");
    private static final Clock CLOCK = Clock.systemUTC();

    private final SecureRandom random = new SecureRandom();
    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Envelope envelope = Envelope.fromKeyset(Keys.keyset());
    private Database database;
    private WhoopSimulator whoop;
    private OutboundClient apiClient;
    private OutboundClient tokenClient;
    private WhoopApi api;
    private OAuthSettings settings;

    @BeforeEach
    void start() {
        database = TestDatabases.open(TestDatabases.migrated());
        whoop = WhoopSimulator.start(
                WhoopSimulatorConfig.of("app", "secret", REDIRECT.toString()).withQuota(5_000, 100_000),
                Population.of(5, 2, CLOCK));
        settings = new OAuthSettings(whoop.authorizeUrl(), "app", Secret.of("secret"), REDIRECT, true);
        apiClient = client(whoop.apiBaseUrl());
        tokenClient = client(whoop.tokenUrl().resolve("."));
        api = new WhoopApi(apiClient, new Quota(database, random, registry), registry);
    }

    @AfterEach
    void stop() {
        apiClient.close();
        tokenClient.close();
        whoop.close();
        database.close();
    }

    @Test
    void manyWhoNeedATokenAtOnceRefreshItOnce() {
        MemberId member = connect(1);
        whoop.control().expireAccessTokens();
        expireHere(member);
        // Two replicas, ten callers each.
        List<TokenAccess> replicas = List.of(tokens(), tokens());
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                TokenAccess tokens = replicas.get(i % 2);
                calls.add(CompletableFuture.supplyAsync(() -> profile(tokens, member), threads));
            }
        }

        assertThat(calls)
                .allSatisfy(call -> assertThat(call.join()).isInstanceOfAny(Answer.Found.class, Answer.Later.class));
        assertThat(generation(member)).isEqualTo(2);
        assertThat(profile(replicas.getFirst(), member)).isInstanceOf(Answer.Found.class);
        assertThat(whoop.control().linked(1)).isTrue();
    }

    @Test
    void aTokenThatWhoopNoLongerTakesIsRefreshedAndTheCallRepeated() {
        MemberId member = connect(1);
        whoop.control().expireAccessTokens();

        assertThat(profile(tokens(), member)).isInstanceOf(Answer.Found.class);
        assertThat(generation(member)).isEqualTo(2);
    }

    @Test
    void aRefreshThatWhoopRefusesForGoodLosesTheLinkAndDestroysTheTokens() {
        MemberId member = connect(1);
        assertThat(whoop.control().revoke(1)).isTrue();
        expireHere(member);

        assertThat(profile(tokens(), member)).isInstanceOf(Answer.Gone.class);
        assertThat(state(member)).isEqualTo("reauth_required");
    }

    @Test
    void aRefreshThatFailsForAMomentIsTriedAgainAndLosesNothing() {
        MemberId member = connect(1);
        expireHere(member);
        whoop.control().failNext(Set.of(WhoopEndpoint.TOKEN), 1, new WhoopFault.Refuse(503));
        TokenAccess tokens = tokens();

        assertThat(profile(tokens, member)).isInstanceOf(Answer.Later.class);
        assertThat(state(member)).isEqualTo("refresh_failing");
        await().atMost(Duration.ofSeconds(10)).until(() -> profile(tokens, member) instanceof Answer.Found);
        assertThat(state(member)).isEqualTo("active");
    }

    @Test
    void aDisconnectionDuringARefreshStands() {
        MemberId member = connect(1);
        expireHere(member);
        whoop.control().failNext(Set.of(WhoopEndpoint.TOKEN), 1, new WhoopFault.Slow(Duration.ofSeconds(1)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Answer> refreshing =
                    CompletableFuture.supplyAsync(() -> profile(tokens(), member), threads);
            await().atMost(Duration.ofSeconds(5)).until(() -> state(member).equals("refreshing"));
            assertThat(links(tokens()).disconnect(member).state()).isEqualTo(LinkState.REVOKED);

            assertThat(refreshing.join()).isInstanceOf(Answer.Gone.class);
        }
        assertThat(state(member)).isEqualTo("revoked");
    }

    @Test
    void aSealedTokenOpensOnlyInItsPlace() {
        TokenVault vault = new TokenVault(envelope);
        MemberId member = new MemberId(UUID.randomUUID());
        byte[] sealed = vault.seal(member, TokenVault.ACCESS, Secret.of("canary"));

        assertThat(vault.open(member, TokenVault.ACCESS, sealed).reveal()).isEqualTo("canary");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> vault.open(member, TokenVault.REFRESH, sealed))
                .isInstanceOf(IllegalStateException.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> vault.open(new MemberId(UUID.randomUUID()), TokenVault.ACCESS, sealed))
                .isInstanceOf(IllegalStateException.class);
    }

    private MemberId connect(int account) {
        MemberId member = new MemberId(UUID.randomUUID());
        Links links = links(tokens());
        URI sentBack = whoop.approve(links.start(member, "session").url(), account);
        try {
            links.callback(member, parameter(sentBack, "state"), "session", parameter(sentBack, "code"), null);
        } catch (FailureException e) {
            throw new AssertionError(e.failure().detail(), e);
        }
        return member;
    }

    private static String parameter(URI uri, String name) {
        for (String pair : uri.getRawQuery().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError("no " + name);
    }

    private Answer profile(TokenAccess tokens, MemberId member) {
        return tokens.call(member, token -> api.profile(token, Lane.WEBHOOK));
    }

    private TokenAccess tokens() {
        return new TokenAccess(
                database, envelope, tokenClient, "/token", settings, api, new Feed(database), CLOCK, random, registry);
    }

    private Links links(TokenAccess tokens) {
        return new Links(database, tokens, api, settings, new Feed(database), List.of(), CLOCK, random, registry);
    }

    private OutboundClient client(URI base) {
        return OutboundClient.builder("whoop", base)
                .deadline(Duration.ofSeconds(5))
                .connectTimeout(Duration.ofSeconds(2))
                .maxBody(DataSize.parse("1MiB"))
                .build(registry, Tracer.noOp());
    }

    private void expireHere(MemberId member) {
        database.execute(
                Sql.named("test-expire", "UPDATE link SET access_expires_at = now() WHERE member_id = :member"),
                Params.of("member", member.value()));
    }

    private long generation(MemberId member) {
        return database.first(
                        Sql.named("test-generation", "SELECT generation FROM link WHERE member_id = :member"),
                        Params.of("member", member.value()),
                        row -> row.longValue("generation"))
                .orElseThrow();
    }

    private String state(MemberId member) {
        return database.first(
                        Sql.named("test-state", "SELECT state FROM link WHERE member_id = :member"),
                        Params.of("member", member.value()),
                        row -> row.string("state"))
                .orElseThrow();
    }
}
