package io.vitals.loadtest.gatling;

import io.gatling.charts.stats.GeneralStats;
import io.gatling.charts.stats.LogFileData;
import io.gatling.charts.stats.LogFileReader;
import io.gatling.commons.stats.Status;
import io.gatling.core.config.GatlingConfiguration;
import io.vitals.loadtest.profile.Request;
import io.vitals.loadtest.profile.Scenario;
import io.vitals.loadtest.verdict.Measured;
import scala.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Gatling's log says of phases, by the reader of Gatling's own reports, so that table and report agree. */
public final class Statistics {
    static final String LOG = "simulation.log";

    private Statistics() {}

    /** A line for each kind of request of each phase. */
    public static List<Measured> of(List<Phase> phases, Path folder) {
        LogFileData data = new LogFileReader(folder.resolve(LOG).toFile(), GatlingConfiguration.load()).read();
        List<Measured> all = new ArrayList<>();
        for (Phase phase : phases) {
            for (Request request : phase.scenario().requests()) {
                Measured measured = measured(data, phase, request);
                // A short day has hardly anybody who connects; that nothing at all was sent must show.
                if (measured.requests() > 0 || phase.scenario() != Scenario.MIXED_DAY || request == Request.READ_DAYS) {
                    all.add(measured);
                }
            }
        }
        return all;
    }

    private static Measured measured(LogFileData data, Phase phase, Request request) {
        Option<String> name = Option.apply(phase.scenario().named(request));
        Option<GeneralStats> stats = data.requestGeneralStats(name, Option.empty(), Option.empty());
        Option<GeneralStats> failed = data.requestGeneralStats(name, Option.empty(), Option.apply(Status.apply("KO")));
        if (stats.isEmpty() || stats.get().count() == 0) {
            return new Measured(phase.scenario(), request, 0, 0, phase.seconds(), 0, 0, 0, 0);
        }
        GeneralStats all = stats.get();
        return new Measured(
                phase.scenario(),
                request,
                all.count(),
                failed.isEmpty() ? 0 : failed.get().count(),
                phase.seconds(),
                percentile(all, 50),
                percentile(all, 95),
                percentile(all, 99),
                all.max());
    }

    private static double percentile(GeneralStats stats, double percentile) {
        return ((Number) stats.percentile().apply(percentile)).doubleValue();
    }
}
