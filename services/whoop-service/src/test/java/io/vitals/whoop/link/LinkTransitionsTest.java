package io.vitals.whoop.link;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.http.FailureException;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.model.MemberId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkTransitionsTest {
    private SimulatedLinks links;

    /** Writes down what it is told. */
    private static final class Told implements LinkListener {
        final List<String> events = new ArrayList<>();

        @Override
        public void linked(SqlExecutor tx, MemberId member, long whoopUserId) {
            events.add("linked " + whoopUserId);
        }

        @Override
        public void unlinked(SqlExecutor tx, MemberId member) {
            events.add("unlinked");
        }
    }

    @BeforeAll
    void start() {
        links = SimulatedLinks.start(10);
    }

    @AfterAll
    void stop() {
        links.close();
    }

    @Test
    void everyTransitionLeavesItsEntryWithTheReason() {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        links.expireHere(member);
        links.tokens().access(member);
        links.expireHere(member);
        links.whoop.control().failNext(Set.of(WhoopEndpoint.TOKEN), 1, new WhoopFault.Refuse(503));
        links.tokens().access(member);
        links.letTimePass(member);
        assertThat(links.whoop.control().revoke(account)).isTrue();
        // A round takes ten, and links of other tests may have been due for longer.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            links.tokens().refreshDue();
            return links.row(member).state() == LinkState.REAUTH_REQUIRED;
        });
        links.connect(member, account, links.links(links.tokens()));
        links.links(links.tokens()).disconnect(member);

        assertThat(links.audit(member))
                .containsExactly(
                        "link.connected first",
                        "link.refreshing",
                        "link.refreshed",
                        "link.refreshing",
                        "link.refresh_failing status_503",
                        "link.refreshing",
                        "link.reauth_required refresh_rejected",
                        "link.connected again",
                        "link.revoked disconnected",
                        "token.destroyed consent_returned");
        assertThat(links.told(member)).isEqualTo(4);
    }

    @Test
    void aStateHasTheTimeSinceWhenItIsThat() {
        MemberId member = links.connect();
        String before = stateAt(member);
        links.expireHere(member);
        links.tokens().access(member);

        assertThat(links.row(member).state()).isEqualTo(LinkState.ACTIVE);
        assertThat(stateAt(member)).isGreaterThan(before);
    }

    @Test
    void aRefusedConnectionLeavesAnEntryToo() {
        MemberId member = new MemberId(UUID.randomUUID());
        Links here = links.links(links.tokens());
        URI sentBack = links.whoop.approve(here.start(member, "session").url(), links.newAccount());

        assertThatThrownBy(() -> here.callback(
                        member,
                        SimulatedLinks.parameter(sentBack, "state"),
                        "another session",
                        SimulatedLinks.parameter(sentBack, "code"),
                        null))
                .isInstanceOf(FailureException.class);
        assertThat(links.audit(member)).containsExactly("link.refused state_invalid");
    }

    /** The entry is part of the transaction: where it cannot be written, nothing else is. */
    @Test
    void withoutItsEntryNoTransitionHappens() {
        MemberId linked = links.connect();
        MemberId other = new MemberId(UUID.randomUUID());
        Links here = links.links(links.tokens());
        URI sentBack = links.whoop.approve(here.start(other, "session").url(), links.newAccount());
        links.asOwner("REVOKE INSERT ON audit_event FROM whoop_app");
        try {
            assertThatThrownBy(() -> links.finish(other, sentBack, here)).isInstanceOf(DatabaseException.class);
            assertThatThrownBy(() -> here.disconnect(linked)).isInstanceOf(DatabaseException.class);
        } finally {
            links.asOwner("GRANT INSERT ON audit_event TO whoop_app");
        }

        assertThat(here.status(other).state()).isEqualTo(LinkState.NONE);
        assertThat(links.told(other)).isZero();
        assertThat(here.status(linked).state()).isEqualTo(LinkState.ACTIVE);
        assertThat(here.disconnect(linked).state()).isEqualTo(LinkState.REVOKED);
    }

    @Test
    void listenersLearnOfEveryAccountThatAMemberIsLinkedWith() {
        var told = new Told();
        Links here = links.links(links.tokens(), told);
        MemberId member = new MemberId(UUID.randomUUID());
        int account = links.newAccount();
        links.connect(member, account, here);
        here.disconnect(member);
        links.connect(member, account, here);
        // Without a disconnection before, as a member does whose link was lost.
        links.connect(member, account, here);
        int another = links.newAccount();
        links.connect(member, another, here);

        String first = "linked "
                + links.whoop.control().people().member(account).profile().userId();
        String second = "linked "
                + links.whoop.control().people().member(another).profile().userId();
        assertThat(told.events).containsExactly(first, "unlinked", first, first, second);
        assertThat(links.row(member).generation()).isEqualTo(5);
        assertThat(links.whoop.control().linked(account))
                .as("the consent for the account that was replaced is given back")
                .isFalse();
        assertThat(links.whoop.control().linked(another)).isTrue();
    }

    /** A pair that was got only to give the consent back is kept until that has worked. */
    @Test
    void aConsentIsGivenBackThoughTheFirstAttemptFailsAfterARefresh() {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        links.whoop.control().expireAccessTokens();
        links.whoop.control().failNext(Set.of(WhoopEndpoint.ACCESS), 1, new WhoopFault.Slow(Duration.ZERO));
        links.whoop.control().failNext(Set.of(WhoopEndpoint.ACCESS), 1, new WhoopFault.Refuse(500));
        Links here = links.links(links.tokens());
        here.disconnect(member);
        assertThat(links.whoop.control().linked(account)).isTrue();

        links.asOwner("UPDATE link SET revocation_due_at = now() WHERE member_id = '" + member.value() + "'");
        await().atMost(Duration.ofSeconds(60)).until(() -> !here.revokeOverdue());
        assertThat(links.whoop.control().linked(account)).isFalse();
        assertThat(links.row(member).access()).isNull();
    }

    @Test
    void metersAreThereBeforeAnythingHappensAndTokensAreCountedByState() {
        var meters = new SimpleMeterRegistry();
        Links here = links.links(links.tokens(links.keyset, RefreshSteps.NOBODY, meters), meters);
        for (String outcome : List.of("success", "error", "revoked", "timeout")) {
            assertThat(meters.get("whoop.oauth.token.refresh")
                            .tag("outcome", outcome)
                            .counter()
                            .count())
                    .isZero();
        }
        for (String outcome : List.of("success", "denied", "error")) {
            assertThat(meters.get("whoop.oauth.authorizations")
                            .tag("outcome", outcome)
                            .counter()
                            .count())
                    .isZero();
        }

        assertMovesTo("active", here, meters, links::connect);
        MemberId member = links.connect();
        assertMovesTo("expiring", here, meters, () -> links.letTimePass(member));
        assertMovesTo("expired", here, meters, () -> links.expireHere(member));
        assertMovesTo("revoked", here, meters, () -> here.disconnect(member));
    }

    private static void assertMovesTo(String state, Links here, SimpleMeterRegistry meters, Runnable event) {
        Gauge gauge = meters.get("whoop.oauth.tokens").tag("state", state).gauge();
        here.measure();
        double before = gauge.value();
        event.run();
        here.measure();
        assertThat(gauge.value()).as(state).isEqualTo(before + 1);
    }

    private String stateAt(MemberId member) {
        return links.asOwner("SELECT to_char(state_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM link WHERE member_id = '"
                        + member.value() + "'")
                .getFirst();
    }
}
