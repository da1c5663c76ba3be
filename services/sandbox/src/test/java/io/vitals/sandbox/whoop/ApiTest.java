package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.sandbox.member.Population;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

/** The shapes of the documentation and of real payloads, read as raw JSON. */
class ApiTest {
    private static final Instant NOW = Instant.parse("2026-11-22T19:30:00Z");
    private static final String TIME = "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z";
    private static final String OFFSET = "[+-]\\d{2}:\\d{2}|Z";
    private static final List<String> COLLECTIONS =
            List.of("/v2/cycle", "/v2/recovery", "/v2/activity/sleep", "/v2/activity/workout");

    private final Population people = Population.of(1, 3, Clock.fixed(NOW, ZoneOffset.UTC));
    private final WhoopSimulator whoop = WhoopSimulator.start(
            WhoopSimulatorConfig.of(Client.ID, Client.SECRET, Client.REDIRECT).withQuota(100_000, 1_000_000), people);
    private final Client client = new Client(whoop);

    @AfterEach
    void stop() {
        whoop.close();
    }

    @Test
    void cyclesHaveTheDocumentedShape() throws Exception {
        List<JsonNode> cycles = all(client.accessToken(1), "/v2/cycle");
        assertThat(names(cycles.getFirst()))
                .containsExactly(
                        "id",
                        "user_id",
                        "created_at",
                        "updated_at",
                        "start",
                        "end",
                        "timezone_offset",
                        "score_state",
                        "score");
        assertThat(cycles.getFirst().get("end").isNull())
                .as("end of the running cycle")
                .isTrue();
        assertThat(cycles.stream().skip(1))
                .allSatisfy(c -> assertThat(c.get("end").asText()).matches(TIME));
        for (JsonNode cycle : cycles) {
            assertThat(cycle.get("id").isIntegralNumber()).isTrue();
            assertThat(cycle.get("user_id").isIntegralNumber()).isTrue();
            assertThat(cycle.get("start").asText()).matches(TIME);
            assertThat(cycle.get("timezone_offset").asText()).matches(OFFSET);
            scored(cycle, score -> {
                assertThat(names(score)).containsExactly("strain", "kilojoule", "average_heart_rate", "max_heart_rate");
                assertThat(score.get("strain").isFloatingPointNumber()).isTrue();
                assertThat(score.get("kilojoule").isFloatingPointNumber()).isTrue();
                assertThat(score.get("average_heart_rate").isIntegralNumber()).isTrue();
                assertThat(score.get("max_heart_rate").isIntegralNumber()).isTrue();
            });
        }
    }

    @Test
    void recoveriesHaveNoIdAndOldStrapsMeasureLess() throws Exception {
        for (JsonNode recovery : all(client.accessToken(1), "/v2/recovery")) {
            assertThat(names(recovery))
                    .startsWith("cycle_id", "sleep_id", "user_id", "created_at", "updated_at", "score_state")
                    .doesNotContain("id", "start", "end");
            scored(recovery, score -> {
                assertThat(names(score))
                        .containsExactly(
                                "user_calibrating",
                                "recovery_score",
                                "resting_heart_rate",
                                "hrv_rmssd_milli",
                                "spo2_percentage",
                                "skin_temp_celsius");
                assertThat(score.get("user_calibrating").isBoolean()).isTrue();
                assertThat(score.get("recovery_score").isFloatingPointNumber()).isTrue();
            });
        }
        for (JsonNode recovery : all(client.accessToken(2), "/v2/recovery")) {
            scored(recovery, score -> assertThat(names(score)).doesNotContain("spo2_percentage", "skin_temp_celsius"));
        }
    }

    @Test
    void sleepsHaveTheDocumentedShapeAndAddUp() throws Exception {
        for (JsonNode sleep : all(client.accessToken(1), "/v2/activity/sleep")) {
            assertThat(UUID.fromString(sleep.get("id").asText()).version()).isEqualTo(4);
            assertThat(sleep.get("cycle_id").isIntegralNumber()).isTrue();
            assertThat(sleep.get("v1_id").isNull()).isTrue();
            assertThat(sleep.get("nap").isBoolean()).isTrue();
            assertThat(sleep.get("end").asText()).matches(TIME);
            scored(sleep, score -> {
                JsonNode stages = score.get("stage_summary");
                assertThat(names(stages))
                        .containsExactly(
                                "total_in_bed_time_milli",
                                "total_awake_time_milli",
                                "total_no_data_time_milli",
                                "total_light_sleep_time_milli",
                                "total_slow_wave_sleep_time_milli",
                                "total_rem_sleep_time_milli",
                                "sleep_cycle_count",
                                "disturbance_count");
                assertThat(stages).allSatisfy(n -> assertThat(n.isInt()).isTrue());
                assertThat(stages.get("total_in_bed_time_milli").asInt())
                        .isEqualTo(stages.get("total_awake_time_milli").asInt()
                                + stages.get("total_no_data_time_milli").asInt()
                                + stages.get("total_light_sleep_time_milli").asInt()
                                + stages.get("total_slow_wave_sleep_time_milli").asInt()
                                + stages.get("total_rem_sleep_time_milli").asInt());
                JsonNode need = score.get("sleep_needed");
                assertThat(names(need))
                        .containsExactly(
                                "baseline_milli",
                                "need_from_sleep_debt_milli",
                                "need_from_recent_strain_milli",
                                "need_from_recent_nap_milli");
                assertThat(need.get("need_from_recent_nap_milli").asLong()).isLessThanOrEqualTo(0);
                assertThat(names(score))
                        .contains(
                                "respiratory_rate",
                                "sleep_performance_percentage",
                                "sleep_consistency_percentage",
                                "sleep_efficiency_percentage");
                assertThat(score.get("sleep_performance_percentage").isFloatingPointNumber())
                        .isTrue();
            });
        }
    }

    @Test
    void workoutsHaveTheDocumentedShapeAndUnknownSports() throws Exception {
        List<JsonNode> workouts = all(client.accessToken(1), "/v2/activity/workout");
        assertThat(workouts.stream().map(w -> w.get("sport_name").asText()))
                .contains("running", "underwater_juggling_v3");
        for (JsonNode workout : workouts) {
            assertThat(workout.get("v1_id").isNull()).isTrue();
            assertThat(workout.get("sport_id").isIntegralNumber()).isTrue();
            scored(workout, score -> {
                assertThat(names(score))
                        .contains("strain", "average_heart_rate", "max_heart_rate", "kilojoule", "percent_recorded");
                assertThat(score.get("percent_recorded").asDouble()).isEqualTo(1.0);
                assertThat(names(score.get("zone_durations")))
                        .containsExactly(
                                "zone_zero_milli",
                                "zone_one_milli",
                                "zone_two_milli",
                                "zone_three_milli",
                                "zone_four_milli",
                                "zone_five_milli");
            });
        }
        assertThat(workouts.stream().filter(w -> w.path("score").has("distance_meter")))
                .isNotEmpty();
        assertThat(workouts.stream().filter(w -> !w.path("score").has("distance_meter")))
                .isNotEmpty();
    }

    @Test
    void profileAndBodyHaveTheDocumentedShape() throws Exception {
        String token = client.accessToken(1);
        assertThat(names(Client.json(client.api(token, "/v2/user/profile/basic"))))
                .containsExactly("user_id", "email", "first_name", "last_name");
        JsonNode body = Client.json(client.api(token, "/v2/user/measurement/body"));
        assertThat(names(body)).containsExactly("height_meter", "weight_kilogram", "max_heart_rate");
        assertThat(body.get("max_heart_rate").isIntegralNumber()).isTrue();
    }

    @Test
    void everyScoreStateOccursAndOnlyScoredRecordsHaveAScore() throws Exception {
        people.clock()
                .offset(Duration.between(
                        NOW, people.member(1).sleeps().getFirst().createdAt().plusSeconds(5)));
        String token = client.accessToken(1);
        Set<String> states = new HashSet<>();
        for (String path : COLLECTIONS) {
            for (JsonNode record : all(token, path)) {
                String state = record.get("score_state").asText();
                states.add(state);
                assertThat(record.path("score").isObject()).isEqualTo(state.equals("SCORED"));
            }
        }
        assertThat(states).containsExactlyInAnyOrder("SCORED", "PENDING_SCORE", "UNSCORABLE");
    }

    @Test
    void singleRecordsAreTheSameAsInTheirCollections() throws Exception {
        String token = client.accessToken(1);
        JsonNode sleep = all(token, "/v2/activity/sleep").getFirst();
        String cycle = sleep.get("cycle_id").asText();
        assertThat(one(token, "/v2/activity/sleep/" + sleep.get("id").asText())).isEqualTo(sleep);
        assertThat(one(token, "/v2/cycle/" + cycle + "/sleep").get("cycle_id")).isEqualTo(sleep.get("cycle_id"));
        assertThat(one(token, "/v2/cycle/" + cycle + "/recovery").get("cycle_id"))
                .isEqualTo(sleep.get("cycle_id"));
        assertThat(one(token, "/v2/cycle/" + cycle).get("id")).isEqualTo(sleep.get("cycle_id"));
        JsonNode workout = all(token, "/v2/activity/workout").getFirst();
        assertThat(one(token, "/v2/activity/workout/" + workout.get("id").asText()))
                .isEqualTo(workout);
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        String token = client.accessToken(1);
        String nobody = UUID.randomUUID().toString();
        for (String path : List.of(
                "/v2/cycle/999999",
                "/v2/cycle/999999/sleep",
                "/v2/cycle/999999/recovery",
                "/v2/activity/sleep/" + nobody,
                "/v2/activity/workout/" + nobody,
                "/v2/recovery/" + nobody,
                "/v1/cycle")) {
            assertThat(status(token, path)).as(path).isEqualTo(404);
        }
        String foreign = people.member(2).sleeps().getFirst().id().toString();
        assertThat(status(token, "/v2/activity/sleep/" + foreign)).isEqualTo(404);
        long cycle = whoop.control().finishCycle(1).id();
        assertThat(status(token, "/v2/cycle/" + cycle)).isEqualTo(200);
        assertThat(status(token, "/v2/cycle/" + cycle + "/sleep")).isEqualTo(404);
        assertThat(status(token, "/v2/cycle/" + cycle + "/recovery")).isEqualTo(404);
    }

    @Test
    void wrongParametersAreRefused() throws Exception {
        String token = client.accessToken(1);
        for (String path : COLLECTIONS) {
            for (String query : List.of(
                    "limit=26",
                    "limit=0",
                    "limit=ten",
                    "start=2026-11-01",
                    "start=2026-11-01T00:00:00",
                    "end=yesterday",
                    "nextToken=abc")) {
                assertThat(status(token, path + "?" + query)).as(path + query).isEqualTo(400);
            }
        }
        assertThat(status(token, "/v2/activity/sleep/not-a-uuid")).isEqualTo(400);
        assertThat(status(token, "/v2/cycle/abc")).isEqualTo(400);
    }

    @Test
    void timesWithBareColonsAreUnderstood() throws Exception {
        String token = client.accessToken(1);
        String query = "?limit=25&start=2026-11-20T00:00:00.000Z&end=2026-11-22T00:00:00.000Z";
        assertThat(one(token, "/v2/cycle" + query).get("records")).hasSize(2);
    }

    @Test
    void scopesAreEnforced() throws Exception {
        String token = client.link(1, "read:cycles").path("access_token").asText();
        assertThat(status(token, "/v2/cycle")).isEqualTo(200);
        for (String path : List.of(
                "/v2/recovery",
                "/v2/activity/sleep",
                "/v2/activity/workout",
                "/v2/user/profile/basic",
                "/v2/user/measurement/body")) {
            assertThat(status(token, path)).as(path).isEqualTo(403);
        }
        assertThat(status("nonsense", "/v2/cycle")).isEqualTo(401);
    }

    @Test
    void aDeletedSleepTakesItsRecoveryAlong() throws Exception {
        String token = client.accessToken(1);
        var sleep = people.member(1).sleeps().getFirst();
        assertThat(whoop.control().delete(1, sleep.id())).isTrue();
        assertThat(status(token, "/v2/activity/sleep/" + sleep.id())).isEqualTo(404);
        assertThat(status(token, "/v2/cycle/" + sleep.cycleId() + "/recovery")).isEqualTo(404);
        assertThat(status(token, "/v2/cycle/" + sleep.cycleId())).isEqualTo(200);
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws Exception {
        try (WhoopSimulator other = WhoopSimulator.start(
                WhoopSimulatorConfig.of(Client.ID, Client.SECRET, Client.REDIRECT),
                Population.of(1, 3, Clock.fixed(NOW, ZoneOffset.UTC)))) {
            Client again = new Client(other);
            String here = client.accessToken(3);
            String there = again.accessToken(3);
            for (String path : COLLECTIONS) {
                assertThat(again.api(there, path + "?limit=25").body())
                        .isEqualTo(client.api(here, path + "?limit=25").body());
            }
        }
    }

    private List<JsonNode> all(String token, String path) throws IOException, InterruptedException {
        List<JsonNode> records = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = one(token, path + "?limit=25" + next);
            page.get("records").forEach(records::add);
            next = page.get("next_token").isNull()
                    ? ""
                    : "&nextToken=" + page.get("next_token").asText();
        } while (!next.isEmpty());
        return records;
    }

    private JsonNode one(String token, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.api(token, path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        return Client.json(response);
    }

    private int status(String token, String path) throws IOException, InterruptedException {
        return client.api(token, path).statusCode();
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> i = node.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        return names;
    }

    /** What is asserted of a score. */
    private interface Check {
        void of(JsonNode score);
    }

    private static void scored(JsonNode record, Check check) {
        if (record.get("score_state").asText().equals("SCORED")) {
            check.of(record.get("score"));
        }
    }
}
