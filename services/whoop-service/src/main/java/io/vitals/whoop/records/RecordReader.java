package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.whoop.model.Body;
import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.Profile;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.ScoreState;
import io.vitals.whoop.model.Sleep;
import io.vitals.whoop.model.WhoopRecord;
import io.vitals.whoop.model.Workout;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads WHOOP's documents. The score may be absent or null; it counts only when WHOOP says SCORED. */
final class RecordReader {
    /** Goes up by one with every change in what is read out of a document; {@code remap} then reads the stored ones again. */
    static final int MAPPING_VERSION = 1;

    private static final List<String> ZONES = List.of("zero", "one", "two", "three", "four", "five");

    private RecordReader() {}

    static WhoopRecord read(RecordType type, JsonNode document) throws UnreadableField {
        Fields fields = new Fields(document);
        return switch (type) {
            case CYCLE -> cycle(fields);
            case RECOVERY -> recovery(fields);
            case SLEEP -> sleep(fields);
            case WORKOUT -> workout(fields);
            case PROFILE, BODY -> throw new IllegalArgumentException("not a dated record: " + type);
        };
    }

    static Profile profile(JsonNode document) throws UnreadableField {
        Fields fields = new Fields(document);
        return new Profile(
                fields.requiredInteger("user_id"),
                fields.text("email"),
                fields.text("first_name"),
                fields.text("last_name"));
    }

    static Body body(JsonNode document) throws UnreadableField {
        Fields fields = new Fields(document);
        return new Body(
                fields.number("height_meter"), fields.number("weight_kilogram"), fields.number("max_heart_rate"));
    }

    private static Cycle cycle(Fields fields) throws UnreadableField {
        ScoreState state = state(fields);
        Fields score = score(fields, state);
        Instant start = fields.requiredInstant("start");
        return new Cycle(
                fields.requiredInteger("id"),
                start,
                notBefore(fields, start, fields.instant("end")),
                fields.requiredOffset("timezone_offset"),
                state,
                score.number("strain"),
                score.number("kilojoule"),
                score.number("average_heart_rate"),
                score.number("max_heart_rate"),
                fields.requiredInstant("created_at"),
                fields.requiredInstant("updated_at"));
    }

    private static Recovery recovery(Fields fields) throws UnreadableField {
        ScoreState state = state(fields);
        Fields score = score(fields, state);
        return new Recovery(
                fields.requiredInteger("cycle_id"),
                fields.requiredUuid("sleep_id"),
                state,
                score.bool("user_calibrating"),
                score.number("recovery_score"),
                score.number("resting_heart_rate"),
                score.number("hrv_rmssd_milli"),
                score.number("spo2_percentage"),
                score.number("skin_temp_celsius"),
                fields.requiredInstant("created_at"),
                fields.requiredInstant("updated_at"));
    }

    private static Sleep sleep(Fields fields) throws UnreadableField {
        ScoreState state = state(fields);
        Fields score = score(fields, state);
        Fields stages = score.object("stage_summary");
        Fields need = score.object("sleep_needed");
        Instant start = fields.requiredInstant("start");
        return new Sleep(
                fields.requiredUuid("id"),
                fields.integer("cycle_id"),
                Boolean.TRUE.equals(fields.bool("nap")),
                start,
                requiredEnd(fields, start),
                fields.requiredOffset("timezone_offset"),
                state,
                new Sleep.Stages(
                        stages.integer("total_in_bed_time_milli"),
                        stages.integer("total_awake_time_milli"),
                        stages.integer("total_no_data_time_milli"),
                        stages.integer("total_light_sleep_time_milli"),
                        stages.integer("total_slow_wave_sleep_time_milli"),
                        stages.integer("total_rem_sleep_time_milli"),
                        stages.integer("sleep_cycle_count"),
                        stages.integer("disturbance_count")),
                new Sleep.Need(
                        need.integer("baseline_milli"),
                        need.integer("need_from_sleep_debt_milli"),
                        need.integer("need_from_recent_strain_milli"),
                        need.integer("need_from_recent_nap_milli")),
                score.number("respiratory_rate"),
                score.number("sleep_performance_percentage"),
                score.number("sleep_consistency_percentage"),
                score.number("sleep_efficiency_percentage"),
                fields.requiredInstant("created_at"),
                fields.requiredInstant("updated_at"));
    }

    private static Workout workout(Fields fields) throws UnreadableField {
        ScoreState state = state(fields);
        Fields score = score(fields, state);
        Instant start = fields.requiredInstant("start");
        return new Workout(
                fields.requiredUuid("id"),
                start,
                requiredEnd(fields, start),
                fields.requiredOffset("timezone_offset"),
                fields.text("sport_name"),
                state,
                score.number("strain"),
                score.number("average_heart_rate"),
                score.number("max_heart_rate"),
                score.number("kilojoule"),
                score.number("percent_recorded"),
                score.number("distance_meter"),
                score.number("altitude_gain_meter"),
                zones(score.object("zone_durations")),
                fields.requiredInstant("created_at"),
                fields.requiredInstant("updated_at"));
    }

    private static List<Long> zones(Fields fields) throws UnreadableField {
        List<Long> zones = new ArrayList<>();
        for (String zone : ZONES) {
            Long milli = fields.integer("zone_" + zone + "_milli");
            if (milli == null) {
                return List.of();
            }
            zones.add(milli);
        }
        return zones;
    }

    private static ScoreState state(Fields fields) throws UnreadableField {
        return ScoreState.of(fields.requiredText("score_state"));
    }

    private static Fields score(Fields fields, ScoreState state) throws UnreadableField {
        return state == ScoreState.SCORED ? fields.object("score") : Fields.NONE;
    }

    private static Instant requiredEnd(Fields fields, Instant start) throws UnreadableField {
        Instant end = notBefore(fields, start, fields.requiredInstant("end"));
        if (end == null) {
            throw fields.fault("end", "is missing");
        }
        return end;
    }

    private static @Nullable Instant notBefore(Fields fields, Instant start, @Nullable Instant end)
            throws UnreadableField {
        if (end != null && end.isBefore(start)) {
            throw fields.fault("end", "is before start");
        }
        return end;
    }
}
