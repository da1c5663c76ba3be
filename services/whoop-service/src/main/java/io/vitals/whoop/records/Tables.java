package io.vitals.whoop.records;

import io.vitals.whoop.model.Cycle;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Recovery;
import io.vitals.whoop.model.Workout;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The tables of the dated records. */
final class Tables {
    static final Table<Cycle> CYCLE = new CycleTable();
    static final Table<Recovery> RECOVERY = new RecoveryTable();
    static final SleepTable SLEEP = new SleepTable();
    static final Table<Workout> WORKOUT = new WorkoutTable();

    private Tables() {}

    static Table<?> of(RecordType type) {
        return switch (type) {
            case CYCLE -> CYCLE;
            case RECOVERY -> RECOVERY;
            case SLEEP -> SLEEP;
            case WORKOUT -> WORKOUT;
            case PROFILE, BODY -> throw new IllegalArgumentException("not a dated record: " + type);
        };
    }

    private static final class CycleTable extends Table<Cycle> {
        CycleTable() {
            super(
                    RecordType.CYCLE,
                    "id",
                    "id bigint, start_at timestamptz, end_at timestamptz, zone_offset text, strain double precision,"
                            + " kilojoule double precision, average_heart_rate double precision, max_heart_rate double precision");
        }

        @Override
        Class<Cycle> recordClass() {
            return Cycle.class;
        }

        @Override
        void write(Cycle cycle, Columns row) {
            row.put("id", cycle.id())
                    .put("start_at", cycle.start())
                    .put("end_at", cycle.end())
                    .put("zone_offset", cycle.offset().getId())
                    .put("strain", cycle.strain())
                    .put("kilojoule", cycle.kilojoule())
                    .put("average_heart_rate", cycle.averageHeartRate())
                    .put("max_heart_rate", cycle.maxHeartRate());
        }

        @Override
        Cycle read(Cells cells) {
            return new Cycle(
                    cells.longValue("id"),
                    cells.instant("start_at"),
                    cells.instantOrNull("end_at"),
                    cells.offset("zone_offset"),
                    cells.state(),
                    cells.doubleOrNull("strain"),
                    cells.doubleOrNull("kilojoule"),
                    cells.doubleOrNull("average_heart_rate"),
                    cells.doubleOrNull("max_heart_rate"),
                    cells.instant("created_at"),
                    cells.instant("updated_at"));
        }
    }

    private static final class RecoveryTable extends Table<Recovery> {
        RecoveryTable() {
            super(
                    RecordType.RECOVERY,
                    "sleep_id",
                    "sleep_id uuid, cycle_id bigint, user_calibrating boolean, recovery_score double precision,"
                            + " resting_heart_rate double precision, hrv_rmssd_milli double precision,"
                            + " spo2_percentage double precision, skin_temp_celsius double precision");
        }

        @Override
        Class<Recovery> recordClass() {
            return Recovery.class;
        }

        @Override
        void write(Recovery recovery, Columns row) {
            row.put("sleep_id", recovery.sleepId())
                    .put("cycle_id", recovery.cycleId())
                    .put("user_calibrating", recovery.userCalibrating())
                    .put("recovery_score", recovery.recoveryScore())
                    .put("resting_heart_rate", recovery.restingHeartRate())
                    .put("hrv_rmssd_milli", recovery.hrvRmssdMilli())
                    .put("spo2_percentage", recovery.spo2Percentage())
                    .put("skin_temp_celsius", recovery.skinTempCelsius());
        }

        @Override
        Recovery read(Cells cells) {
            return new Recovery(
                    cells.longValue("cycle_id"),
                    cells.uuid("sleep_id"),
                    cells.state(),
                    cells.boolOrNull("user_calibrating"),
                    cells.doubleOrNull("recovery_score"),
                    cells.doubleOrNull("resting_heart_rate"),
                    cells.doubleOrNull("hrv_rmssd_milli"),
                    cells.doubleOrNull("spo2_percentage"),
                    cells.doubleOrNull("skin_temp_celsius"),
                    cells.instant("created_at"),
                    cells.instant("updated_at"));
        }
    }

    private static final class WorkoutTable extends Table<Workout> {
        private static final List<String> ZONES = List.of(
                "zone_zero_milli",
                "zone_one_milli",
                "zone_two_milli",
                "zone_three_milli",
                "zone_four_milli",
                "zone_five_milli");

        WorkoutTable() {
            super(
                    RecordType.WORKOUT,
                    "id",
                    "id uuid, start_at timestamptz, end_at timestamptz, zone_offset text, sport_name text,"
                            + " strain double precision, average_heart_rate double precision, max_heart_rate double precision,"
                            + " kilojoule double precision, percent_recorded double precision, distance_meter double precision,"
                            + " altitude_gain_meter double precision, "
                            + String.join(" bigint, ", ZONES) + " bigint");
        }

        @Override
        Class<Workout> recordClass() {
            return Workout.class;
        }

        @Override
        void write(Workout workout, Columns row) {
            row.put("id", workout.id())
                    .put("start_at", workout.start())
                    .put("end_at", workout.end())
                    .put("zone_offset", workout.offset().getId())
                    .put("sport_name", workout.sportName())
                    .put("strain", workout.strain())
                    .put("average_heart_rate", workout.averageHeartRate())
                    .put("max_heart_rate", workout.maxHeartRate())
                    .put("kilojoule", workout.kilojoule())
                    .put("percent_recorded", workout.percentRecorded())
                    .put("distance_meter", workout.distanceMeter())
                    .put("altitude_gain_meter", workout.altitudeGainMeter());
            for (int zone = 0; zone < workout.zoneMilli().size(); zone++) {
                row.put(ZONES.get(zone), workout.zoneMilli().get(zone));
            }
        }

        @Override
        Workout read(Cells cells) {
            return new Workout(
                    cells.uuid("id"),
                    cells.instant("start_at"),
                    cells.instant("end_at"),
                    cells.offset("zone_offset"),
                    cells.stringOrNull("sport_name"),
                    cells.state(),
                    cells.doubleOrNull("strain"),
                    cells.doubleOrNull("average_heart_rate"),
                    cells.doubleOrNull("max_heart_rate"),
                    cells.doubleOrNull("kilojoule"),
                    cells.doubleOrNull("percent_recorded"),
                    cells.doubleOrNull("distance_meter"),
                    cells.doubleOrNull("altitude_gain_meter"),
                    zones(cells),
                    cells.instant("created_at"),
                    cells.instant("updated_at"));
        }

        private static List<Long> zones(Cells cells) {
            List<Long> zones = new ArrayList<>();
            for (String zone : ZONES) {
                zones.add(cells.longOrNull(zone));
            }
            return zones.stream().allMatch(Objects::nonNull) ? zones : List.of();
        }
    }
}
