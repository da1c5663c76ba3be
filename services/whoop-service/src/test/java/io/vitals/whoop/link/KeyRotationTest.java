package io.vitals.whoop.link;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.support.Keys;
import io.vitals.whoop.upstream.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The key-encryption keyset gets a new primary key; what lies under the old one is sealed anew, and the old one can go. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyRotationTest {
    /** More than two batches. */
    private static final int STORED = 120;

    private final Keys.Rotation rotation = Keys.rotation();
    /** Of the run begun last. */
    private MeterRegistry meters = new SimpleMeterRegistry();

    private SimulatedLinks links;
    private TokenAccess before;

    @BeforeAll
    void start() {
        links = SimulatedLinks.start(10);
        before = links.tokens(rotation.old(), RefreshSteps.NOBODY);
    }

    @BeforeEach
    void clear() {
        links.asOwner("DELETE FROM link");
        links.asOwner("DELETE FROM oauth_state");
    }

    @AfterAll
    void stop() {
        links.close();
    }

    @Test
    void afterTheJobTheOldKeyCanGoAndEverythingStillOpens() {
        List<MemberId> stored = store(STORED);
        MemberId linked = connect();
        MemberId connecting = new MemberId(UUID.randomUUID());
        URI sentBack = links.whoop.approve(
                links.links(before).start(connecting, "session").url(), links.newAccount());
        TokenVault newOnly = new TokenVault(Envelope.fromKeyset(rotation.newOnly()));
        LinkRow row = links.row(linked);
        assertThatThrownBy(() -> newOnly.open(linked, TokenVault.REFRESH, row.refresh()))
                .as("before the job the old key is needed")
                .isInstanceOf(UnreadableTokenException.class);

        // A run that is killed after its first batch, and another that goes on.
        assertThat(rotating().rewrap()).isTrue();
        assertThat(left()).isBetween(1.0, (double) STORED);
        finish(rotating());

        assertThat(left()).isZero();
        for (MemberId member : stored) {
            LinkRow link = links.row(member);
            assertThat(newOnly.open(member, TokenVault.ACCESS, link.access()).reveal())
                    .isEqualTo("access " + member.value());
            assertThat(newOnly.open(member, TokenVault.REFRESH, link.refresh()).reveal())
                    .isEqualTo("refresh " + member.value());
            assertThat(link.generation()).isEqualTo(1);
        }
        TokenAccess after = links.tokens(rotation.newOnly(), RefreshSteps.NOBODY);
        links.expireHere(linked);
        assertThat(links.profile(after, linked)).isInstanceOf(Answer.Found.class);
        links.finish(connecting, sentBack, links.links(after));
        assertThat(links.profile(after, connecting)).isInstanceOf(Answer.Found.class);
        assertThat(links.audit(linked)).contains("token.rewrapped");
    }

    @Test
    void aRowThatIsUnderTheNewKeyIsLeftAlone() {
        MemberId member = connect();
        finish(rotating());
        byte[] sealed = links.row(member).refresh();
        rotating().rewrap();

        assertThat(links.row(member).refresh()).isEqualTo(sealed);
        assertThat(links.audit(member)).filteredOn("token.rewrapped"::equals).hasSize(1);
    }

    @Test
    void aPairThatWasRefreshedMeanwhileIsNotOverwrittenAndWithoutTheFenceItWouldBe() {
        MemberId member = connect();
        LinkRow read = links.row(member);
        TokenVault vault = rotating().vault();
        links.expireHere(member);
        assertThat(before.access(member)).isInstanceOf(Access.Ready.class);

        assertThat(links.transitions().rewrap(read, vault.rewrap(read.access()), vault.rewrap(read.refresh())))
                .isFalse();
        links.expireHere(member);
        assertThat(links.profile(rotating(), member)).isInstanceOf(Answer.Found.class);

        links.database.execute(
                Sql.named("test-no-fence", "UPDATE link SET refresh_token = :refresh WHERE member_id = :member"),
                Params.of("member", member.value(), "refresh", vault.rewrap(read.refresh())));
        links.expireHere(member);
        assertThat(links.profile(rotating(), member)).isInstanceOf(Answer.Gone.class);
        assertThat(links.whoop.control().figures().familyRevocations()).isPositive();
    }

    @Test
    void aRefreshUnderWayGoesOnAndDestroyedTokensStayDestroyed() {
        MemberId refreshed = connect();
        links.expireHere(refreshed);
        TokenAccess during = links.tokens(rotation.both(), step -> {
            if (step == RefreshSteps.Step.ANSWERED) {
                rotating().rewrap();
            }
        });
        assertThat(links.profile(during, refreshed)).isInstanceOf(Answer.Found.class);
        assertThat(links.row(refreshed).generation()).isEqualTo(2);

        MemberId ended = connect();
        links.links(before).disconnect(ended);
        LinkRow revoked = links.row(ended);
        LinkRow read = new LinkRow(
                revoked.member(),
                revoked.whoopUserId(),
                revoked.state(),
                revoked.reason(),
                revoked.since(),
                revoked.scopes(),
                new byte[] {1},
                new byte[] {2},
                revoked.accessLeft(),
                revoked.busyFor(),
                revoked.generation(),
                revoked.intents(),
                revoked.lastWebhookAt(),
                revoked.lastSyncAt());
        assertThat(links.transitions().rewrap(read, read.access(), read.refresh()))
                .isFalse();
        assertThat(links.row(ended).access()).isNull();
    }

    @Test
    void aRowThatNobodyCanOpenIsCountedAndDoesNotHoldUpTheOthers() {
        MemberId foreign = store(1, Keys.keyset()).getFirst();
        List<MemberId> stored = store(60);
        finish(rotating());

        assertThat(left()).isEqualTo(1);
        assertThat(meters.get("whoop.tokens.rewrapped")
                        .tag("outcome", "error")
                        .counter()
                        .count())
                .isPositive();
        TokenVault newOnly = new TokenVault(Envelope.fromKeyset(rotation.newOnly()));
        assertThat(stored)
                .allSatisfy(member -> assertThat(newOnly.open(
                                member, TokenVault.ACCESS, links.row(member).access()))
                        .isNotNull());
        assertThat(links.row(foreign).access()).isNotNull();
    }

    private MemberId connect() {
        MemberId member = new MemberId(UUID.randomUUID());
        links.connect(member, links.newAccount(), links.links(before));
        return member;
    }

    private TokenAccess rotating() {
        meters = new SimpleMeterRegistry();
        return links.tokens(rotation.both(), RefreshSteps.NOBODY, meters);
    }

    private static void finish(TokenAccess job) {
        int batches = 1;
        while (job.rewrap()) {
            assertThat(++batches).as("it comes to an end").isLessThan(10);
        }
    }

    private double left() {
        return meters.get("whoop.tokens.rewrap.pending").gauge().value();
    }

    private List<MemberId> store(int count) {
        return store(count, rotation.old());
    }

    /** Links as they lie in the table, of accounts that do not exist. */
    private List<MemberId> store(int count, Secret keyset) {
        TokenAccess tokens = links.tokens(keyset, RefreshSteps.NOBODY);
        List<MemberId> members = new ArrayList<>();
        links.database.transaction(tx -> {
            for (int i = 0; i < count; i++) {
                MemberId member = new MemberId(UUID.randomUUID());
                var pair = new TokenPair(
                        Secret.of("access " + member.value()),
                        Secret.of("refresh " + member.value()),
                        Duration.ofHours(1),
                        List.of("offline"));
                new LinkRepository()
                        .connect(tx, member, member.value().getMostSignificantBits(), tokens.seal(member, pair));
                members.add(member);
            }
            return true;
        });
        return members;
    }
}
