package io.vitals.whoop.records;

import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Sleep;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What becomes of documents that are kept: read again after a mapping change, and given up in the end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredDocumentsTest {
    private static final LocalDate FIRST = LocalDate.parse("2025-01-02");

    private RecordsScene scene;
    private Records records;
    private Owner owner;

    @BeforeAll
    void open() {
        scene = new RecordsScene();
        records = scene.records;
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @BeforeEach
    void aMember() {
        owner = scene.linked();
    }

    @Test
    void whatAnOlderMappingHasMisreadIsReadAgainAndOnlyItsDaysAreTold() throws Exception {
        // More than one batch; the older mapping took a percentage for a share in a third of them, and a day for
        // another in one.
        int nights = 450;
        store(nights);
        scene.execute(owner, """
                UPDATE sleep SET mapping_version = 0, performance_percentage = CASE
                    WHEN (local_date - CAST('2025-01-01' AS date)) % 3 = 0 THEN performance_percentage / 100 ELSE performance_percentage END
                WHERE member_id = :member""");
        scene.execute(
                owner,
                "UPDATE sleep SET local_date = local_date + 1000 WHERE member_id = :member AND local_date = CAST('2025-01-02' AS date)");
        long told = scene.count(owner, "SELECT count(*) AS n FROM change WHERE member_id = :member");

        Remapped remapped = records.remap(scene.database, RecordType.SLEEP);

        assertThat(remapped).isEqualTo(new Remapped(nights, 151, 0));
        assertThat(scene.count(owner, "SELECT count(*) AS n FROM change WHERE member_id = :member") - told)
                .isEqualTo(152);
        assertThat(scene.count(
                        owner,
                        "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND performance_percentage = 88"))
                .isEqualTo(nights);
        assertThat(scene.count(
                        owner, "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND mapping_version = 1"))
                .isEqualTo(nights);
        assertThat(records.range(scene.database, owner.member(), FIRST, FIRST).sleeps())
                .hasSize(1);
        // Done is done: a second run has nothing to do.
        assertThat(records.remap(scene.database, RecordType.SLEEP)).isEqualTo(Remapped.NONE);
    }

    @Test
    void aRunThatIsCutOffGoesOnBehindWhatItHasDone() throws Exception {
        store(450);
        scene.execute(
                owner, "UPDATE sleep SET mapping_version = 0, performance_percentage = 1 WHERE member_id = :member");
        // A document that breaks the third batch stands for the kill.
        scene.execute(owner, """
                UPDATE sleep SET raw = jsonb_set(raw, '{timezone_offset}', '17') WHERE member_id = :member
                  AND id = (SELECT id FROM sleep WHERE member_id = :member ORDER BY id DESC LIMIT 1)""");
        scene.execute(owner, """
                UPDATE sleep SET mapping_version = 1, performance_percentage = 88 WHERE member_id = :member
                  AND id IN (SELECT id FROM sleep WHERE member_id = :member ORDER BY id LIMIT 200)""");

        Remapped remapped = records.remap(scene.database, RecordType.SLEEP);

        assertThat(remapped).isEqualTo(new Remapped(250, 249, 1));
        // What cannot be read keeps what was read before, and is set aside with its key.
        assertThat(scene.count(
                        owner,
                        "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND performance_percentage = 88"))
                .isEqualTo(449);
        assertThat(scene.count(
                        owner,
                        "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND performance_percentage = 1"))
                .isEqualTo(1);
        assertThat(scene.count(
                        owner,
                        "SELECT count(*) AS n FROM unreadable_record WHERE member_id = :member AND record_key <> '?'"))
                .isEqualTo(1);
    }

    @Test
    void documentsGoAfterTheirTimeAndTheirValuesStay() throws Exception {
        store(3);
        scene.execute(
                owner,
                "UPDATE sleep SET fetched_at = fetched_at - INTERVAL '401 days' WHERE member_id = :member AND local_date <> CAST('2025-01-02' AS date)");
        scene.execute(owner, """
                INSERT INTO unreadable_record (member_id, type, record_key, problem, raw, first_seen_at, last_seen_at)
                VALUES (:member, 'sleep', 'old', 'x', '{}', CAST('2024-01-01' AS timestamptz), CAST('2024-02-01' AS timestamptz)),
                       (:member, 'sleep', 'new', 'x', '{}', CAST('2024-01-01' AS timestamptz), CAST('2026-03-01' AS timestamptz))""");

        records.expire(scene.database, Duration.ofDays(400));

        assertThat(scene.count(owner, "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND raw IS NULL"))
                .isEqualTo(2);
        assertThat(scene.count(
                        owner,
                        "SELECT count(*) AS n FROM unreadable_record WHERE member_id = :member AND record_key = 'new'"))
                .isEqualTo(scene.count(owner, "SELECT count(*) AS n FROM unreadable_record WHERE member_id = :member"))
                .isEqualTo(1);
        List<Sleep> sleeps = records.range(scene.database, owner.member(), FIRST, FIRST.plusDays(5)).sleeps().stream()
                .map(stored -> stored.record())
                .toList();
        assertThat(sleeps)
                .hasSize(3)
                .allSatisfy(sleep -> assertThat(sleep.performancePercentage()).isEqualTo(88.0));

        // Fetching the same version again brings no document back.
        store(3);
        assertThat(scene.count(owner, "SELECT count(*) AS n FROM sleep WHERE member_id = :member AND raw IS NULL"))
                .isEqualTo(2);
        assertThat(records.remap(scene.database, RecordType.SLEEP)).isEqualTo(Remapped.NONE);
    }

    @Test
    void aRetentionTooShortToMendAMappingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RecordSettings(Duration.ofDays(30)))
                .withMessageContaining("raw-retention");
    }

    private void store(int nights) throws UnreadableDocument {
        String page = IntStream.range(0, nights)
                .mapToObj(StoredDocumentsTest::night)
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        Batch batch = Records.page(RecordType.SLEEP, ("{\"records\":[" + page + "]}").getBytes(StandardCharsets.UTF_8));
        scene.store(owner, batch);
    }

    private static String night(int number) {
        LocalDate day = FIRST.plusDays(number);
        return """
                {"id":"%s","cycle_id":%d,"user_id":9,"created_at":"%sT07:05:00.000Z","updated_at":"%sT07:05:00.123Z",
                 "start":"%sT22:30:00.000Z","end":"%sT06:00:00.000Z","timezone_offset":"+01:00","nap":false,"score_state":"SCORED",
                 "score":{"stage_summary":{"total_in_bed_time_milli":27000000,"total_light_sleep_time_milli":14400000},
                 "sleep_performance_percentage":88.0}}""".formatted(
                new UUID(0x4000L, 0x8000000000000000L | number), 1000 + number, day, day, day.minusDays(1), day);
    }
}
