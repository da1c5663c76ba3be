package io.vitals.whoop.records;

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
    void write(Sleep sleep, Columns row) {
        Sleep.Stages stages = sleep.stages();
        Sleep.Need need = sleep.need();
        row.put("id", sleep.id())
                .put("cycle_id", sleep.cycleId())
                .put("nap", sleep.nap())
                .put("start_at", sleep.start())
                .put("end_at", sleep.end())
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
    Sleep read(Cells cells) {
        return new Sleep(
                cells.uuid("id"),
                cells.longOrNull("cycle_id"),
                cells.bool("nap"),
                cells.instant("start_at"),
                cells.instant("end_at"),
                cells.offset("zone_offset"),
                cells.state(),
                new Sleep.Stages(
                        cells.longOrNull("in_bed_milli"),
                        cells.longOrNull("awake_milli"),
                        cells.longOrNull("no_data_milli"),
                        cells.longOrNull("light_milli"),
                        cells.longOrNull("slow_wave_milli"),
                        cells.longOrNull("rem_milli"),
                        cells.longOrNull("sleep_cycle_count"),
                        cells.longOrNull("disturbance_count")),
                new Sleep.Need(
                        cells.longOrNull("need_baseline_milli"),
                        cells.longOrNull("need_debt_milli"),
                        cells.longOrNull("need_strain_milli"),
                        cells.longOrNull("need_nap_milli")),
                cells.doubleOrNull("respiratory_rate"),
                cells.doubleOrNull("performance_percentage"),
                cells.doubleOrNull("consistency_percentage"),
                cells.doubleOrNull("efficiency_percentage"),
                cells.instant("created_at"),
                cells.instant("updated_at"));
    }
}
