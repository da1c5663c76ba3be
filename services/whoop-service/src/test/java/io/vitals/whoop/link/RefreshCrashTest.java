package io.vitals.whoop.link;

import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import io.vitals.whoop.link.RefreshSteps.Step;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.support.TestDatabases;
import io.vitals.whoop.upstream.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;

/** A refresh that ends anywhere leaves a link that works again by itself, or one that says that the member has to connect again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefreshCrashTest {
    private static final int CRASHES = Integer.getInteger("vitals.chaos.crashes", 60);

    /** Between WHOOP's answer and the commit nobody but the dead process knows the new pair. */
    private static final Set<Step> LOSABLE = EnumSet.of(Step.ANSWERED, Step.SEALED);

    private static final List<Step> STEPS = List.of(Step.values());

    private SimulatedLinks links;

    /** Ends the process, as far as a thread can: nothing of ours catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    void start() {
        links = SimulatedLinks.start(20);
    }

    @AfterAll
    void stop() {
        links.close();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void aCrashAtAnyStepEndsInAWorkingLinkOrInOneThatSaysItIsLost(Step step) {
        MemberId member = links.connect();
        crash(member, step);
        assertThat(links.tokens().access(member))
                .isInstanceOf(step == Step.STORED ? Access.Ready.class : Access.Later.class);
        recover(member);

        if (LOSABLE.contains(step)) {
            assertLost(member);
        } else {
            assertWorks(member);
        }
    }

    @Test
    void manyCrashesInARowLeaveNoLinkSilentlyDead() {
        var random = new Random(4711);
        int account = links.newAccount();
        MemberId member = links.connect(account);
        int lost = 0;
        for (int i = 0; i < CRASHES; i++) {
            Set<Step> seen = EnumSet.noneOf(Step.class);
            // Whoever comes to repair the first crash may die as well.
            int crashes = 1 + random.nextInt(2);
            for (int c = 0; c < crashes && links.row(member).state().usable(); c++) {
                Step step = STEPS.get(random.nextInt(STEPS.size()));
                seen.add(crash(member, step) ? step : Step.STORED);
                links.letTimePass(member);
            }
            recover(member);
            LinkState state = links.row(member).state();
            if (state == LinkState.REAUTH_REQUIRED) {
                assertThat(seen).as("round %d", i).containsAnyElementsOf(LOSABLE);
                assertLost(member);
                lost++;
                links.connect(member, account, links.links(links.tokens()));
            }
            assertWorks(member);
        }
        assertThat(lost).isBetween(1, CRASHES - 1);
    }

    /** Without the note of the intent nobody could tell a lost answer from a consent that was taken back. */
    @Test
    void withoutTheIntentTheReasonWouldBeWrong() {
        MemberId member = links.connect();
        crash(member, Step.ANSWERED);
        links.asOwner("UPDATE link SET refresh_intents = 0 WHERE member_id = '" + member.value() + "'");
        recover(member);

        assertThat(links.row(member).state()).isEqualTo(LinkState.REAUTH_REQUIRED);
        assertThat(links.row(member).reason()).isEqualTo("refresh_rejected");
    }

    @Test
    void anAnswerThatBreaksOnTheWayIsTriedOnceMoreAndThenLostWithItsReason() {
        for (WhoopFault fault : new WhoopFault[] {new WhoopFault.CutBody(), new WhoopFault.BrokenJson()}) {
            MemberId member = links.connect();
            links.expireHere(member);
            links.whoop.control().failNext(Set.of(WhoopEndpoint.TOKEN), 1, fault);

            assertThat(links.tokens().access(member)).isInstanceOf(Access.Later.class);
            assertThat(links.row(member).state()).isEqualTo(LinkState.REFRESH_FAILING);
            recover(member);
            assertLost(member);
        }
    }

    @Test
    void aFailureBeforeWhoopActedLeavesNoDoubt() {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        links.expireHere(member);
        links.whoop.control().failNext(Set.of(WhoopEndpoint.TOKEN), 1, new WhoopFault.Refuse(503));
        assertThat(links.tokens().access(member)).isInstanceOf(Access.Later.class);
        assertThat(links.whoop.control().revoke(account)).isTrue();
        recover(member);

        assertThat(links.row(member).reason()).isEqualTo("refresh_rejected");
    }

    @Test
    void aDatabaseThatIsLostBetweenTheAnswerAndTheCommitCostsNothing() {
        MemberId member = links.connect();
        links.expireHere(member);
        var once = new AtomicBoolean();
        TokenAccess tokens = links.tokens(step -> {
            if (step == Step.SEALED && once.compareAndSet(false, true)) {
                endAllSessions();
            }
        });

        assertThat(links.profile(tokens, member)).isInstanceOf(Answer.Found.class);
        assertThat(once).isTrue();
        assertThat(links.row(member).generation()).isEqualTo(2);
        assertWorks(member);
    }

    @Test
    void aDisconnectionBetweenTheAnswerAndTheCommitStands() {
        int account = links.newAccount();
        MemberId member = links.connect(account);
        links.expireHere(member);
        TokenAccess tokens = links.tokens(step -> {
            if (step == Step.SEALED) {
                links.links(links.tokens()).disconnect(member);
            }
        });

        assertThat(tokens.access(member)).isInstanceOf(Access.Gone.class);
        LinkRow ended = links.row(member);
        assertThat(ended.state()).isEqualTo(LinkState.REVOKED);
        assertThat(ended.access()).isNull();
        assertThat(links.whoop.control().linked(account)).isFalse();
    }

    /** Refreshes until the step; whether the refresh came as far as that. */
    private boolean crash(MemberId member, Step at) {
        links.expireHere(member);
        TokenAccess dying = links.tokens(step -> {
            if (step == at) {
                throw new Killed();
            }
        });
        try {
            dying.access(member);
            return false;
        } catch (Killed _) {
            return true;
        }
    }

    /** What the refresher of any replica does by itself once the dead holder's lease has run out. */
    private void recover(MemberId member) {
        for (int i = 0; i < 3 && links.row(member).state() != LinkState.ACTIVE; i++) {
            links.letTimePass(member);
            links.tokens().refreshDue();
        }
    }

    private void assertWorks(MemberId member) {
        assertThat(links.profile(links.tokens(), member)).isInstanceOf(Answer.Found.class);
        LinkRow link = links.row(member);
        assertThat(link.state()).isEqualTo(LinkState.ACTIVE);
        assertThat(link.intents()).isZero();
    }

    private void assertLost(MemberId member) {
        LinkRow link = links.row(member);
        assertThat(link.state()).isEqualTo(LinkState.REAUTH_REQUIRED);
        assertThat(link.reason()).isEqualTo("refresh_answer_lost");
        assertThat(link.refresh()).isNull();
        assertThat(links.audit(member)).last().isEqualTo("link.reauth_required refresh_answer_lost");
        assertThat(links.told(member))
                .as("told of each connection and of the loss")
                .isGreaterThanOrEqualTo(2);
    }

    private void endAllSessions() {
        try (Connection connection = TestDatabases.superuser(links.sandbox);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                    + links.sandbox.name() + "' AND usename = 'whoop_app'");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
