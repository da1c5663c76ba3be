package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.sandbox.member.Cycle;
import io.vitals.sandbox.member.Profile;
import io.vitals.sandbox.member.Recovery;
import io.vitals.sandbox.member.ScoreState;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.member.SleepSpan;
import io.vitals.sandbox.member.Workout;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Records in the JSON of the v2 API, with the habits seen in real payloads (v1_id null, milliseconds, end null). */
final class WhoopJson {
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final List<String> ZONES = List.of("zero", "one", "two", "three", "four", "five");

    private WhoopJson() {}

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ObjectNode cycle(Cycle cycle, long userId) {
        ObjectNode node = object();
        node.put("id", cycle.id());
        node.put("user_id", userId);
        times(node, cycle.createdAt(), cycle.updatedAt());
        node.put("start", time(cycle.start()));
        Instant end = cycle.end();
        node.put("end", end == null ? null : time(end));
        node.put("timezone_offset", cycle.offset().getId());
        node.put("score_state", cycle.state().name());
        Cycle.Score score = cycle.score();
        if (score == null) {
            return unscored(node, cycle.id());
        }
        ObjectNode scored = node.putObject("score");
        scored.put("strain", score.strain());
        scored.put("kilojoule", score.kilojoule());
        scored.put("average_heart_rate", score.averageHeartRate());
        scored.put("max_heart_rate", score.maxHeartRate());
        return node;
    }

    static ObjectNode recovery(Recovery recovery, long userId) {
        ObjectNode node = object();
        node.put("cycle_id", recovery.cycleId());
        node.put("sleep_id", recovery.sleepId().toString());
        node.put("user_id", userId);
        times(node, recovery.createdAt(), recovery.updatedAt());
        node.put("score_state", recovery.state().name());
        Recovery.Score score = recovery.score();
        if (score == null) {
            return unscored(node, recovery.cycleId());
        }
        ObjectNode scored = node.putObject("score");
        scored.put("user_calibrating", score.calibrating());
        scored.put("recovery_score", score.recovery());
        scored.put("resting_heart_rate", score.restingHeartRate());
        scored.put("hrv_rmssd_milli", score.hrvRmssd());
        putIfMeasured(scored, "spo2_percentage", score.oxygenSaturation());
        putIfMeasured(scored, "skin_temp_celsius", score.skinTemperature());
        return node;
    }

    static ObjectNode sleep(Sleep sleep, long userId) {
        SleepSpan span = sleep.span();
        ObjectNode node = object();
        node.put("id", sleep.id().toString());
        node.put("cycle_id", sleep.cycleId());
        node.putNull("v1_id");
        node.put("user_id", userId);
        times(node, sleep.createdAt(), sleep.updatedAt());
        span(node, span.start(), span.end(), span.offset());
        node.put("nap", span.nap());
        node.put("score_state", sleep.state().name());
        Sleep.Score score = sleep.score();
        if (score == null) {
            return unscored(node, sleep.cycleId());
        }
        ObjectNode scored = node.putObject("score");
        ObjectNode stages = scored.putObject("stage_summary");
        stages.put("total_in_bed_time_milli", (int) span.inBed().toMillis());
        stages.put("total_awake_time_milli", (int) span.awake().toMillis());
        stages.put("total_no_data_time_milli", (int) span.noData().toMillis());
        stages.put("total_light_sleep_time_milli", (int) span.light().toMillis());
        stages.put("total_slow_wave_sleep_time_milli", (int) span.deep().toMillis());
        stages.put("total_rem_sleep_time_milli", (int) span.rem().toMillis());
        stages.put("sleep_cycle_count", score.sleepCycles());
        stages.put("disturbance_count", span.interruptions());
        ObjectNode need = scored.putObject("sleep_needed");
        need.put("baseline_milli", score.needBaseline().toMillis());
        need.put("need_from_sleep_debt_milli", score.needFromDebt().toMillis());
        need.put("need_from_recent_strain_milli", score.needFromStrain().toMillis());
        need.put("need_from_recent_nap_milli", score.needFromNaps().toMillis());
        scored.put("respiratory_rate", score.respiratoryRate());
        scored.put("sleep_performance_percentage", score.performance());
        scored.put("sleep_consistency_percentage", score.consistency());
        scored.put("sleep_efficiency_percentage", score.efficiency());
        return node;
    }

    static ObjectNode workout(Workout workout, long userId) {
        ObjectNode node = object();
        node.put("id", workout.id().toString());
        node.putNull("v1_id");
        node.put("user_id", userId);
        times(node, workout.createdAt(), workout.updatedAt());
        span(node, workout.start(), workout.end(), workout.offset());
        node.put("sport_name", workout.sport());
        node.put("score_state", workout.state().name());
        Workout.Score score = workout.score();
        if (score == null) {
            node.putNull("score");
        } else {
            workoutScore(node.putObject("score"), score);
        }
        node.put("sport_id", workout.sportId());
        return node;
    }

    private static void workoutScore(ObjectNode scored, Workout.Score score) {
        scored.put("strain", score.strain());
        scored.put("average_heart_rate", score.averageHeartRate());
        scored.put("max_heart_rate", score.maxHeartRate());
        scored.put("kilojoule", score.kilojoule());
        scored.put("percent_recorded", 1.0);
        putIfMeasured(scored, "distance_meter", score.distanceMeter());
        putIfMeasured(scored, "altitude_gain_meter", score.altitudeGainMeter());
        putIfMeasured(scored, "altitude_change_meter", score.altitudeChangeMeter());
        ObjectNode zones = scored.putObject("zone_durations");
        List<Duration> durations = score.zones();
        for (int zone = 0; zone < durations.size(); zone++) {
            zones.put("zone_" + ZONES.get(zone) + "_milli", (int)
                    durations.get(zone).toMillis());
        }
    }

    static ObjectNode profile(Profile profile) {
        ObjectNode node = object();
        node.put("user_id", profile.userId());
        node.put("email", profile.email());
        node.put("first_name", profile.firstName());
        node.put("last_name", profile.lastName());
        return node;
    }

    static ObjectNode body(Profile profile) {
        ObjectNode node = object();
        node.put("height_meter", profile.heightMeter());
        node.put("weight_kilogram", profile.weightKilogram());
        node.put("max_heart_rate", profile.maxHeartRate());
        return node;
    }

    static String time(Instant at) {
        return MILLIS.format(at);
    }

    private static void times(ObjectNode node, Instant created, Instant updated) {
        node.put("created_at", time(created));
        node.put("updated_at", time(updated));
    }

    private static void span(ObjectNode node, Instant start, Instant end, ZoneOffset offset) {
        node.put("start", time(start));
        node.put("end", time(end));
        node.put("timezone_offset", offset.getId());
    }

    /** A record that is not {@link ScoreState#SCORED} has no score, or a null one: both are seen, both are sent. */
    private static ObjectNode unscored(ObjectNode node, long id) {
        if (id % 2 == 0) {
            node.putNull("score");
        }
        return node;
    }

    private static void putIfMeasured(ObjectNode node, String name, @Nullable Double measure) {
        if (measure != null) {
            node.put(name, measure);
        }
    }
}
