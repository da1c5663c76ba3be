package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.upstream.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenAccessTest {
    private SimulatedLinks links;

    @BeforeAll
    void start() {
        links = SimulatedLinks.start(20);
    }

    @AfterAll
    void stop() {
        links.close();
    }

    @Test
    void manyWhoNeedATokenAtOnceRefreshItOnce() {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        links.whoop.control().expireAccessTokens();
        links.expireHere(member);
        // Two replicas, ten callers each.
        List<TokenAccess> replicas = List.of(links.tokens(), links.tokens());
        List<CompletableFuture<Answer>> calls = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                TokenAccess tokens = replicas.get(i % 2);
                calls.add(CompletableFuture.supplyAsync(() -> links.profile(tokens, member), threads));
            }
        }

        assertThat(calls)
                .allSatisfy(call -> assertThat(call.join()).isInstanceOfAny(Answer.Found.class, Answer.Later.class));
        assertThat(links.row(member).generation()).isEqualTo(2);
        assertThat(links.profile(replicas.getFirst(), member)).isInstanceOf(Answer.Found.class);
        assertThat(links.whoop.control().linked(account)).isTrue();
    }

    @Test
    void aTokenThatWhoopNoLongerTakesIsRefreshedAndTheCallRepeated() {
        MemberId member = links.connect();
        links.whoop.control().expireAccessTokens();

        assertThat(links.profile(links.tokens(), member)).isInstanceOf(Answer.Found.class);
        assertThat(links.row(member).generation()).isEqualTo(2);
    }

    @Test
    void anIdleLinkIsRefreshedBeforeItsTokenExpires() {
        MemberId member = links.connect();
        links.letTimePass(member);
        // A round takes ten, and links of other tests may have been due for longer.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            links.tokens().refreshDue();
            return links.row(member).generation() == 2;
        });
        // Links of other tests may be due by now; this one is not.
        links.tokens().refreshDue();
        assertThat(links.row(member).generation()).isEqualTo(2);
    }

    @Test
    void aRefreshThatWhoopRefusesForGoodLosesTheLinkAndDestroysTheTokens() {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        assertThat(links.whoop.control().revoke(account)).isTrue();
        links.expireHere(member);

        assertThat(links.profile(links.tokens(), member)).isInstanceOf(Answer.Gone.class);
        LinkRow lost = links.row(member);
        assertThat(lost.state()).isEqualTo(LinkState.REAUTH_REQUIRED);
        assertThat(lost.reason()).isEqualTo("refresh_rejected");
        assertThat(lost.access()).isNull();
        assertThat(lost.refresh()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 429, 500, 503})
    void aRefreshThatFailsForAMomentIsTriedAgainAndLosesNothing(int status) {
        MemberId member = links.connect();
        links.expireHere(member);
        // Without an OAuth error in it a refusal says nothing of the member's grant.
        links.whoop.control().failNext(Set.of(WhoopEndpoint.TOKEN), 1, new WhoopFault.Refuse(status));
        TokenAccess tokens = links.tokens();

        assertThat(links.profile(tokens, member)).isInstanceOf(Answer.Later.class);
        assertThat(links.row(member).state()).isEqualTo(LinkState.REFRESH_FAILING);
        links.letTimePass(member);
        assertThat(links.profile(tokens, member)).isInstanceOf(Answer.Found.class);
        assertThat(links.row(member).state()).isEqualTo(LinkState.ACTIVE);
        assertThat(links.row(member).reason()).isNull();
    }

    @Test
    void aDisconnectionDuringARefreshStands() {
        MemberId member = links.connect();
        links.expireHere(member);
        CountDownLatch answered = new CountDownLatch(1);
        CountDownLatch disconnected = new CountDownLatch(1);
        TokenAccess held = links.tokens(step -> {
            if (step == RefreshSteps.Step.ANSWERED) {
                answered.countDown();
                await().atMost(Duration.ofSeconds(60)).until(() -> disconnected.getCount() == 0);
            }
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<Answer> refreshing =
                    CompletableFuture.supplyAsync(() -> links.profile(held, member), threads);
            await().atMost(Duration.ofSeconds(60)).until(() -> answered.getCount() == 0);
            assertThat(links.row(member).state()).isEqualTo(LinkState.REFRESHING);
            assertThat(links.links(links.tokens()).disconnect(member).state()).isEqualTo(LinkState.REVOKED);
            disconnected.countDown();

            assertThat(refreshing.join()).isInstanceOf(Answer.Gone.class);
        }
        assertThat(links.row(member).state()).isEqualTo(LinkState.REVOKED);
    }

    @Test
    void ciphertextsMovedToAnotherRowHandOutNobodysTokenAndLoseNoLink() {
        MemberId one = links.connect();
        MemberId other = links.connect();
        links.asOwner("""
                UPDATE link AS l SET access_token = o.access_token, refresh_token = o.refresh_token
                FROM link AS o WHERE ARRAY[l.member_id, o.member_id] IN (ARRAY['%1$s', '%2$s']::uuid[], ARRAY['%2$s', '%1$s']::uuid[])""".formatted(one.value(), other.value()));

        assertThat(links.tokens().access(one)).isInstanceOf(Access.Later.class);
        assertThat(links.row(one).state()).isEqualTo(LinkState.REFRESH_FAILING);
        assertThat(links.row(one).reason()).isEqualTo("token_unreadable");

        links.asOwner("""
                UPDATE link AS l SET access_token = o.access_token, refresh_token = o.refresh_token
                FROM link AS o WHERE ARRAY[l.member_id, o.member_id] IN (ARRAY['%1$s', '%2$s']::uuid[], ARRAY['%2$s', '%1$s']::uuid[])""".formatted(one.value(), other.value()));
        assertThat(links.profile(links.tokens(), one)).isInstanceOf(Answer.Found.class);
        assertThat(links.profile(links.tokens(), other)).isInstanceOf(Answer.Found.class);
    }

    @Test
    void anAccessTokenThatCannotBeOpenedIsReplaced() {
        MemberId member = links.connect();
        links.asOwner("UPDATE link SET access_token = refresh_token WHERE member_id = '" + member.value() + "'");

        assertThat(links.tokens().access(member)).isInstanceOf(Access.Ready.class);
        assertThat(links.row(member).generation()).isEqualTo(2);
    }

    @Test
    void anAnswerFullOfTokensIsNeverPartOfWhatIsPrinted() {
        Secret token = Secret.of("canary");
        var pair = new TokenPair(token, token, Duration.ofHours(1), List.of());

        assertThat(new TokenReply.Issued(pair).toString()).doesNotContain("canary");
        assertThat(new Access.Ready(token, 1).toString()).doesNotContain("canary");
    }
}
