package io.vitals.whoop.records;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.MemberRecords;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.ScoreState;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.Workout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordsTest {
    static final String SLEEP = "11111111-1111-4111-8111-111111111111";
    private static final LocalDate WAKE_UP = LocalDate.parse("2026-03-02");

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
    void aNewerVersionReplacesAnOlderOneAndNeverTheOtherWayRound() throws Exception {
        assertThat(store(RecordType.WORKOUT, workout("T10:00:00.000Z", "running", 5.0))
                        .inserted())
                .isEqualTo(1);
        assertThat(store(RecordType.WORKOUT, workout("T12:00:00.000Z", "rowing", 7.5))
                        .updated())
                .isEqualTo(1);
        assertThat(store(RecordType.WORKOUT, workout("T11:00:00.000Z", "chess", 0.1))
                        .unchanged())
                .isEqualTo(1);
        assertThat(store(RecordType.WORKOUT, workout("T12:00:00.000Z", "rowing", 7.5))
                        .unchanged())
                .isEqualTo(1);

        Workout stored = read().workouts().getFirst().record();
        assertThat(stored.sportName()).isEqualTo("rowing");
        assertThat(stored.strain()).isEqualTo(7.5);
        assertThat(changes()).isEqualTo(2);
    }

    @Test
    void aDeletedRecordComesBackOnlyInAVersionNewerThanItsDeletion() throws Exception {
        store(RecordType.WORKOUT, workout("T10:00:00.000Z", "running", 5.0));
        delete(RecordType.WORKOUT, SLEEP, Instant.parse("2026-03-02T11:00:00Z"));
        assertThat(read().workouts()).isEmpty();

        store(RecordType.WORKOUT, workout("T10:30:00.000Z", "running", 5.0));
        assertThat(read().workouts()).isEmpty();

        store(RecordType.WORKOUT, workout("T11:30:00.000Z", "running", 5.0));
        assertThat(read().workouts()).hasSize(1);
    }

    @Test
    void cycleAndRecoveryMoveToTheDayOfTheirSleepInWhateverOrderTheyCome() throws Exception {
        // Began before noon, so without a sleep it would be the day before.
        store(RecordType.CYCLE, cycle("2026-03-01T11:00:00.000Z", "null"));
        store(RecordType.RECOVERY, recovery());
        assertThat(read().cycles().getFirst().day()).isEqualTo(WAKE_UP.minusDays(1));

        store(RecordType.SLEEP, sleep("2026-03-02T07:00:00.000Z", "SCORED"));
        assertThat(read().cycles().getFirst().day()).isEqualTo(WAKE_UP);
        assertThat(read().recoveries().getFirst().day()).isEqualTo(WAKE_UP);

        delete(RecordType.SLEEP, SLEEP, RecordsScene.NOW);
        assertThat(read().cycles().getFirst().day()).isEqualTo(WAKE_UP.minusDays(1));
        assertThat(read().recoveries()).isEmpty();
        assertThat(read().sleeps()).isEmpty();
    }

    @Test
    void aRunningCycleHasNoEndAndAScoreOfZeroIsAValue() throws Exception {
        store(RecordType.CYCLE, cycle("2026-03-01T22:00:00.000Z", "null"));

        Cycle cycle = read().cycles().getFirst().record();
        assertThat(cycle.end()).isNull();
        assertThat(cycle.strain()).isEqualTo(0.0);
        assertThat(records.runningCycle(scene.database, owner)).contains(cycle.start());
    }

    @Test
    void unknownFieldsSportsAndStatesAreTolerated() throws Exception {
        String odd =
                sleep("2026-03-02T07:00:00.000Z", "SOMETHING_NEW").replaceFirst("\\{", "{\"moon\":{\"phase\":[1,2]},");
        store(RecordType.SLEEP, odd);

        Sleep sleep = read().sleeps().getFirst().record();
        assertThat(sleep.state()).isEqualTo(ScoreState.PENDING_SCORE);
        assertThat(sleep.performancePercentage()).isNull();
    }

    @Test
    void anUnreadableRecordIsSetAsideWithItsKeyAndCostsTheOthersNothing() throws Exception {
        String bad = workout("T10:00:00.000Z", "running", 5.0)
                .replace("\"strain\":5.0", "\"strain\":\"high\"")
                .replace(SLEEP, "22222222-2222-4222-8222-222222222222");
        Batch page = Records.page(
                RecordType.WORKOUT,
                bytes("{\"records\":[" + bad + "," + workout("T10:00:00.000Z", "running", 5.0)
                        + "],\"next_token\":\"abc\"}"));
        StoreResult result = scene.database.transaction(tx -> records.store(tx, owner, page));

        assertThat(page.nextToken()).isEqualTo("abc");
        assertThat(result.inserted()).isEqualTo(1);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(scene.database.first(
                        Sql.named(
                                "test-aside",
                                "SELECT record_key, problem FROM unreadable_record WHERE member_id = :member"),
                        Params.of("member", owner.member().value()),
                        row -> row.string("record_key") + " " + row.string("problem")))
                .contains("22222222-2222-4222-8222-222222222222 score.strain is not a number");
    }

    @Test
    void ofTwoPagesStoredAsOneTheNewerVersionOfARecordStaysAndTheSameFaultIsSetAsideOnce() throws Exception {
        String bad = workout("T10:00:00.000Z", "running", 5.0)
                .replace("\"strain\":5.0", "\"strain\":\"high\"")
                .replace(SLEEP, "22222222-2222-4222-8222-222222222222");
        Batch first = page(workout("T12:00:00.000Z", "rowing", 7.5), bad);
        Batch second = page(workout("T10:00:00.000Z", "running", 5.0), bad.replace("high", "highest"));
        StoreResult result = scene.database.transaction(tx -> records.store(tx, owner, first.followedBy(second)));

        assertThat(result.inserted()).isEqualTo(1);
        assertThat(result.failed()).isEqualTo(2);
        assertThat(read().workouts().getFirst().record().sportName()).isEqualTo("rowing");
        // The document that came last.
        assertThat(scene.database.list(
                        Sql.named(
                                "test-aside",
                                "SELECT raw -> 'score' ->> 'strain' AS strain FROM unreadable_record WHERE member_id = :member"),
                        Params.of("member", owner.member().value()),
                        row -> row.string("strain")))
                .containsExactly("highest");
    }

    @Test
    void everyCycleAndRecoveryOfAPageOfSleepsMovesAtOnce() throws Exception {
        String other = "33333333-3333-4333-8333-333333333333";
        store(RecordType.CYCLE, cycle("2026-03-01T11:00:00.000Z", "\"2026-03-02T21:00:00.000Z\""));
        store(RecordType.CYCLE, cycle("2026-03-02T11:00:00.000Z", "null").replace("93845", "93846"));
        store(RecordType.RECOVERY, recovery());
        store(RecordType.RECOVERY, recovery().replace(SLEEP, other).replace("93845", "93846"));
        assertThat(read().cycles()).extracting(stored -> stored.day()).containsOnly(WAKE_UP.minusDays(1), WAKE_UP);

        String night = sleep("2026-03-02T07:00:00.000Z", "SCORED");
        String next = night.replace("2026-03-02T07:00", "2026-03-03T07:00")
                .replace("2026-03-01T22:30", "2026-03-02T22:30")
                .replace(SLEEP, other)
                .replace("93845", "93846");
        Batch page = Records.page(RecordType.SLEEP, bytes("{\"records\":[" + night + "," + next + "]}"));
        scene.database.transaction(tx -> records.store(tx, owner, page));

        assertThat(read().cycles()).extracting(stored -> stored.day()).containsOnly(WAKE_UP, WAKE_UP.plusDays(1));
        assertThat(read().recoveries()).extracting(stored -> stored.day()).containsOnly(WAKE_UP, WAKE_UP.plusDays(1));
    }

    @Test
    void aRecordReadsAsItWasWrittenToTheMicrosecondAndTheLastDigit() throws Exception {
        store(
                RecordType.WORKOUT,
                workout("T10:00:00.123456Z", "a \\\"new\\\" \u00e9\ud83d\ude00", 0.1 + 0.2)
                        .replace("2026-03-02T08:00:00.000Z", "2026-03-02T08:00:00.000001Z"));

        Workout workout = read().workouts().getFirst().record();
        assertThat(workout.updatedAt()).isEqualTo(Instant.parse("2026-03-02T10:00:00.123456Z"));
        assertThat(workout.start()).isEqualTo(Instant.parse("2026-03-02T08:00:00.000001Z"));
        assertThat(workout.strain()).isEqualTo(0.1 + 0.2);
        assertThat(workout.sportName()).isEqualTo("a \"new\" \u00e9\ud83d\ude00");
        assertThat(workout.distanceMeter()).isNull();
        assertThat(workout.zoneMilli()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(records.find(scene.database, owner, RecordType.WORKOUT, UUID.fromString(SLEEP)))
                .hasValueSatisfying(stored -> assertThat(stored.record()).isEqualTo(workout));
    }

    @Test
    void withoutALinkThereAreVersionsOfDaysAndNoRecords() throws Exception {
        store(RecordType.WORKOUT, workout("T10:00:00.000Z", "running", 5.0));
        Map<LocalDate, Long> versions = read().versions();
        assertThat(versions).containsOnlyKeys(WAKE_UP);
        scene.database.execute(
                Sql.named("test-unlink", "DELETE FROM link WHERE member_id = :member"),
                Params.of("member", owner.member().value()));

        assertThat(read().workouts()).isEmpty();
        assertThat(read().body()).isNull();
        assertThat(read().versions()).isEqualTo(versions);
    }

    @Test
    void whatIsNoPageIsRefused() {
        assertThatThrownBy(() -> Records.page(RecordType.CYCLE, bytes("{\"records\":")))
                .isInstanceOf(UnreadableDocument.class);
        assertThatThrownBy(() -> Records.page(RecordType.CYCLE, bytes("{\"items\":[]}")))
                .isInstanceOf(UnreadableDocument.class);
        assertThatThrownBy(() -> Records.page(RecordType.CYCLE, new byte[0])).isInstanceOf(UnreadableDocument.class);
    }

    private static Batch page(String... workouts) throws UnreadableDocument {
        return Records.page(RecordType.WORKOUT, bytes("{\"records\":[" + String.join(",", workouts) + "]}"));
    }

    private StoreResult store(RecordType type, String json) throws UnreadableDocument {
        Batch batch = Records.single(type, bytes(json));
        return scene.store(owner, batch);
    }

    private void delete(RecordType type, String key, Instant at) {
        scene.database.transaction(tx -> {
            records.delete(tx, owner, type, key, at);
            return true;
        });
    }

    private MemberRecords read() {
        return records.range(scene.database, owner.member(), WAKE_UP.minusDays(3), WAKE_UP.plusDays(3));
    }

    private long changes() {
        return scene.count(owner, "SELECT count(*) AS n FROM change WHERE member_id = :member");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String workout(String updated, String sport, double strain) {
        return """
                {"id":"%s","v1_id":null,"user_id":9,"created_at":"2026-03-02T09:00:00.000Z","updated_at":"2026-03-02%s",
                 "start":"2026-03-02T08:00:00.000Z","end":"2026-03-02T09:00:00.000Z","timezone_offset":"-05:00","sport_name":"%s",
                 "score_state":"SCORED","score":{"strain":%s,"average_heart_rate":120,"max_heart_rate":150,"kilojoule":900.5,
                 "percent_recorded":1.0,"distance_meter":null,"zone_durations":{"zone_zero_milli":1,"zone_one_milli":2,
                 "zone_two_milli":3,"zone_three_milli":4,"zone_four_milli":5,"zone_five_milli":6}}}""".formatted(SLEEP, updated, sport, strain);
    }

    private static String cycle(String start, String end) {
        return """
                {"id":93845,"user_id":9,"created_at":"2026-03-01T23:00:00.000Z","updated_at":"2026-03-01T23:00:00.000Z",
                 "start":"%s","end":%s,"timezone_offset":"Z","score_state":"SCORED",
                 "score":{"strain":0,"kilojoule":0.0,"average_heart_rate":60,"max_heart_rate":61}}""".formatted(start, end);
    }

    static String recovery() {
        return """
                {"cycle_id":93845,"sleep_id":"%s","user_id":9,"created_at":"2026-03-02T07:10:00.000Z",
                 "updated_at":"2026-03-02T07:10:00.000Z","score_state":"SCORED","score":{"user_calibrating":false,
                 "recovery_score":70.0,"resting_heart_rate":52.0,"hrv_rmssd_milli":61.2}}""".formatted(SLEEP);
    }

    static String sleep(String end, String state) {
        return """
                {"id":"%s","cycle_id":93845,"user_id":9,"created_at":"2026-03-02T07:05:00.000Z",
                 "updated_at":"2026-03-02T07:05:00.000Z","start":"2026-03-01T22:30:00.000Z","end":"%s",
                 "timezone_offset":"+01:00","nap":false,"score_state":"%s","score":{"stage_summary":{
                 "total_in_bed_time_milli":30600000,"total_awake_time_milli":1800000,"total_no_data_time_milli":0,
                 "total_light_sleep_time_milli":14400000,"total_slow_wave_sleep_time_milli":7200000,
                 "total_rem_sleep_time_milli":7200000,"sleep_cycle_count":4,"disturbance_count":9},
                 "sleep_performance_percentage":88.0}}""".formatted(SLEEP, end, state);
    }
}
