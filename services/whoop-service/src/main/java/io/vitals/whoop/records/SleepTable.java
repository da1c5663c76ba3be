package io.vitals.whoop.records;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.db.RowMapper;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.model.Sleep;

/** Main sleeps and naps. */
final class SleepTable extends Table<Sleep> {
    private static final String COLUMNS =
            "id uuid, cycle_id bigint, nap boolean, start_at timestamptz, end_at timestamptz, zone_offset text, in_bed_milli bigint,"
                    + " awake_milli bigint, no_data_milli bigint, light_milli bigint, slow_wave_milli bigint, rem_milli bigint,"
                    + " sleep_cycle_count bigint, disturbance_count bigint, need_baseline_milli bigint, need_debt_milli bigint,"
                    + " need_strain_milli bigint, need_nap_milli bigint, respiratory_rate double precision,"
                    + " performance_percentage double precision, consistency_percentage double precision,"
                    + " efficiency_percentage double precision";

    private final Sql ofCycles = new Sql(
            "sleep-of-cycles",
            byKey().text().replace("id = ANY(CAST(:keys AS uuid[]))", "cycle_id = ANY(CAST(:keys AS bigint[]))"));

    SleepTable() {
        super(RecordType.SLEEP, "id", COLUMNS);
    }

    /** The sleeps of some cycles. */
    Sql ofCycles() {
        return ofCycles;
    }

    @Override
    Class<Sleep> recordClass() {
        return Sleep.class;
    }

    @Override
    void write(Sleep sleep, ObjectNode row) {
        Sleep.Stages stages = sleep.stages();
        Sleep.Need need = sleep.need();
        row.put("id", sleep.id().toString())
                .put("cycle_id", sleep.cycleId())
                .put("nap", sleep.nap())
                .put("start_at", sleep.start().toString())
                .put("end_at", sleep.end().toString())
                .put("zone_offset", sleep.offset().getId())
                .put("in_bed_milli", stages.inBedMilli())
                .put("awake_milli", stages.awakeMilli())
                .put("no_data_milli", stages.noDataMilli())
                .put("light_milli", stages.lightMilli())
                .put("slow_wave_milli", stages.slowWaveMilli())
                .put("rem_milli", stages.remMilli())
                .put("sleep_cycle_count", stages.sleepCycleCount())
                .put("disturbance_count", stages.disturbanceCount())
                .put("need_baseline_milli", need.baselineMilli())
                .put("need_debt_milli", need.debtMilli())
                .put("need_strain_milli", need.strainMilli())
                .put("need_nap_milli", need.napMilli())
                .put("respiratory_rate", sleep.respiratoryRate())
                .put("performance_percentage", sleep.performancePercentage())
                .put("consistency_percentage", sleep.consistencyPercentage())
                .put("efficiency_percentage", sleep.efficiencyPercentage());
    }

    @Override
    RowMapper<Sleep> mapper() {
        return row -> new Sleep(
                row.uuid("id"),
                row.longOrNull("cycle_id"),
                row.bool("nap"),
                row.instant("start_at"),
                row.instant("end_at"),
                Tables.offset(row),
                Tables.state(row),
                new Sleep.Stages(
                        row.longOrNull("in_bed_milli"),
                        row.longOrNull("awake_milli"),
                        row.longOrNull("no_data_milli"),
                        row.longOrNull("light_milli"),
                        row.longOrNull("slow_wave_milli"),
                        row.longOrNull("rem_milli"),
                        row.longOrNull("sleep_cycle_count"),
                        row.longOrNull("disturbance_count")),
                new Sleep.Need(
                        row.longOrNull("need_baseline_milli"),
                        row.longOrNull("need_debt_milli"),
                        row.longOrNull("need_strain_milli"),
                        row.longOrNull("need_nap_milli")),
                row.doubleOrNull("respiratory_rate"),
                row.doubleOrNull("performance_percentage"),
                row.doubleOrNull("consistency_percentage"),
                row.doubleOrNull("efficiency_percentage"),
                row.instant("created_at"),
                row.instant("updated_at"));
    }
}
