package io.vitals.whoop.sync;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.support.TestDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WalkRepositoryTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private Database database;

    @BeforeEach
    void open() {
        database = TestDatabases.open(TestDatabases.migrated());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void reconciliationsAreSpreadOverTheirInterval() {
        for (int number = 1; number <= 60; number++) {
            link(number, 10 + number);
        }
        link(61, 0);

        // A sixth of all links at a time, those first that have waited longest; not those that were linked a moment
        // ago.
        Set<Integer> begun = new HashSet<>();
        for (int round = 0; round < 6; round++) {
            assertThat(begin(6)).isEqualTo(10);
            for (Optional<Walk> walk = claim(); walk.isPresent(); walk = claim()) {
                assertThat(begun.add((int) walk.get().owner().whoopUserId())).isTrue();
            }
            assertThat(begun).hasSize(10 * (round + 1)).contains(60 - 10 * round, 51 - 10 * round);
        }
        assertThat(begun).doesNotContain(61);
        assertThat(begin(6)).isZero();

        // One that is still under way is not begun anew, however long ago that was; one that has ended is, after the
        // interval.
        age("UPDATE sync_walk SET started_at = started_at - INTERVAL '2 days'");
        assertThat(begin(6)).isZero();
        age("UPDATE sync_walk SET done_at = now(), due_at = NULL WHERE whoop_user_id = 7");
        assertThat(begin(6)).isEqualTo(1);
    }

    @Test
    void linksFromBeforeThereWasHistoryGetItBelowWhatTheyHave() {
        link(1, 200);
        link(2, 10);
        age(
                "INSERT INTO coverage (member_id, type, day, state, checked_at) SELECT member_id, 'sleep', CAST('2025-09-01' AS date), 'asked', now() FROM link WHERE whoop_user_id = 1");

        WalkRepository.seedHistory(database, NOW.minus(Duration.ofDays(29)), NOW.minus(Duration.ofDays(365)));
        WalkRepository.seedHistory(database, NOW, NOW);

        Walk first = claim().orElseThrow();
        Walk second = claim().orElseThrow();
        assertThat(claim()).isEmpty();
        Walk old = first.owner().whoopUserId() == 1 ? first : second;
        Walk young = first.owner().whoopUserId() == 1 ? second : first;
        assertThat(old.to()).isEqualTo(Instant.parse("2025-09-02T00:00:00Z"));
        assertThat(young.to()).isEqualTo(NOW.minus(Duration.ofDays(29)));
        assertThat(Duration.between(old.from(), old.to())).isEqualTo(Duration.ofDays(30));
        assertThat(old.goal()).isEqualTo(NOW.minus(Duration.ofDays(365)));
    }

    @Test
    void whoHasLostTheClaimChangesNothing() {
        link(1, 10);
        begin(1);
        Walk lost = claim().orElseThrow();
        database.transaction(tx -> {
            WalkRepository.end(tx, lost.owner().member());
            return true;
        });
        Walk held = claim().orElseThrow();

        assertThatThrownBy(() -> WalkRepository.done(database, lost, null)).isInstanceOf(LostClaimException.class);
        WalkRepository.reschedule(database, lost, DAY, 1, "late");
        // Had the late one counted, its day's pause would hold this back no less than its claim.
        WalkRepository.reschedule(database, held, Duration.ZERO, 0, null);
        assertThat(claim().orElseThrow().attempts()).isZero();
    }

    private long begin(long slots) {
        return WalkRepository.beginReconciliations(database, NOW.minus(Duration.ofDays(30)), NOW, DAY, slots);
    }

    private Optional<Walk> claim() {
        return WalkRepository.claim(database, UUID.randomUUID(), Duration.ofMinutes(10));
    }

    private void link(int account, int days) {
        database.execute(
                Sql.named("test-link", """
                        INSERT INTO link (member_id, whoop_user_id, state, since, scopes)
                        VALUES (:member, :user, 'active', now() - make_interval(days => :days), '')"""),
                Params.of("member", new MemberId(UUID.randomUUID()).value(), "user", account, "days", days));
    }

    private void age(String statement) {
        database.execute(Sql.named("test-age", statement), Params.none());
    }
}
