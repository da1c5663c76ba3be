package io.vitals.whoop.records;

import io.vitals.whoop.days.Days;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.RecordType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** What a day says of records that WHOOP deleted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletionsTest {
    private static final LocalDate WAKE_UP = LocalDate.parse("2026-03-02");
    private static final String WAKE = "2026-03-02T07:00:00.000Z";
    private static final String VERSION = "\"updated_at\":\"2026-03-02T07:05:00.000Z\"";
    private static final Instant DELETED_AT = Instant.parse("2026-03-02T09:00:00Z");
    private static final String SECOND = "22222222-2222-4222-8222-222222222222";

    private RecordsScene scene;
    private Owner owner;

    @BeforeAll
    void open() {
        scene = new RecordsScene();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @BeforeEach
    void aNightWithItsRecovery() throws Exception {
        owner = scene.linked();
        store(RecordType.SLEEP, RecordsTest.sleep(WAKE, "SCORED"));
        store(RecordType.RECOVERY, RecordsTest.recovery());
        assertThat(read().deletions()).isEmpty();
    }

    @Test
    void theDayOfADeletedSleepSaysSoOfItAndOfItsRecovery() {
        delete(RecordType.SLEEP, RecordsTest.SLEEP);

        assertThat(read().deletions()).containsOnlyKeys(WAKE_UP);
        assertThat(read().deletions().get(WAKE_UP)).isEqualTo(Set.of(RecordType.SLEEP, RecordType.RECOVERY));
        assertThat(deletedOnTheDay()).containsExactly("recovery", "sleep");
    }

    @Test
    void neitherALateUpdateNorTheSameDeletionAgainChangesThat() throws Exception {
        delete(RecordType.SLEEP, RecordsTest.SLEEP);
        store(RecordType.SLEEP, RecordsTest.sleep(WAKE, "SCORED"));
        store(RecordType.RECOVERY, RecordsTest.recovery());
        delete(RecordType.SLEEP, RecordsTest.SLEEP);

        assertThat(read().sleeps()).isEmpty();
        assertThat(deletedOnTheDay()).containsExactly("recovery", "sleep");
    }

    @Test
    void aRecordThatComesBackInANewerVersionIsNotDeletedAnyMoreWhicheverDayItIsOnNow() throws Exception {
        delete(RecordType.SLEEP, RecordsTest.SLEEP);
        String later = "\"updated_at\":\"2026-03-02T10:00:00.000Z\"";
        store(
                RecordType.SLEEP,
                RecordsTest.sleep("2026-03-03T07:00:00.000Z", "SCORED").replace(VERSION, later));

        assertThat(read().sleeps()).hasSize(1);
        assertThat(read().deletions().get(WAKE_UP)).isEqualTo(Set.of(RecordType.RECOVERY));

        // Deleted once more, it is missed on the day that it was on last.
        scene.database.transaction(
                tx -> scene.records.delete(tx, owner, RecordType.SLEEP, RecordsTest.SLEEP, RecordsScene.NOW));
        assertThat(read().deletions().get(WAKE_UP.plusDays(1))).isEqualTo(Set.of(RecordType.SLEEP));
        assertThat(read().deletions().get(WAKE_UP)).isEqualTo(Set.of(RecordType.RECOVERY));
    }

    @Test
    void ofTwoSleepsOneIsLeftAndTheDayMissesOnlyTheRecovery() throws Exception {
        store(RecordType.SLEEP, RecordsTest.sleep(WAKE, "SCORED").replace(RecordsTest.SLEEP, SECOND));
        delete(RecordType.SLEEP, RecordsTest.SLEEP);

        assertThat(deletedOnTheDay()).containsExactly("recovery");
        delete(RecordType.SLEEP, SECOND);
        assertThat(deletedOnTheDay()).containsExactly("recovery", "sleep");
    }

    @Test
    void aNapIsNothingThatADayHasToHave() throws Exception {
        Owner napper = scene.linked();
        owner = napper;
        store(RecordType.SLEEP, RecordsTest.sleep(WAKE, "SCORED").replace("\"nap\":false", "\"nap\":true"));
        delete(RecordType.SLEEP, RecordsTest.SLEEP);

        assertThat(read().sleeps()).isEmpty();
        assertThat(read().deletions()).isEmpty();
    }

    @Test
    void aWorkoutAndTheDeletionOfWhatWasNeverThere() throws Exception {
        owner = scene.linked();
        delete(RecordType.WORKOUT, SECOND);
        assertThat(read().deletions()).isEmpty();

        store(RecordType.WORKOUT, RecordsTest.workout("T08:30:00.000Z", "running", 5.0));
        delete(RecordType.WORKOUT, RecordsTest.SLEEP);
        assertThat(deletedOnTheDay()).containsExactly("workout");
    }

    @Test
    void anotherAccountThatIsLinkedNowHasDeletedNothing() {
        delete(RecordType.SLEEP, RecordsTest.SLEEP);
        scene.execute(owner, "UPDATE link SET whoop_user_id = whoop_user_id + 1 WHERE member_id = :member");

        assertThat(read().deletions()).isEmpty();
    }

    private List<String> deletedOnTheDay() {
        return Days.assemble(read(), WAKE_UP, WAKE_UP, RecordsScene.NOW)
                .getFirst()
                .deleted();
    }

    private void store(RecordType type, String json) throws UnreadableDocument {
        scene.store(owner, Records.single(type, json.getBytes(StandardCharsets.UTF_8)));
    }

    private void delete(RecordType type, String key) {
        scene.database.transaction(tx -> scene.records.delete(tx, owner, type, key, DELETED_AT));
    }

    private MemberRecords read() {
        return scene.records.range(scene.database, owner.member(), WAKE_UP.minusDays(3), WAKE_UP.plusDays(3));
    }
}
