package io.vitals.journey.drill;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;

/** Faults of the real thing, several runs of it side by side. */
@Tag("drill")
class SignalDrillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(75);
    private static final Path TABLE = Path.of("target", "drill", "table.txt");
    private static final String ONLY = System.getProperty("vitals.drill.only", "");

    /** A run, with so many members, and what happens there one after the other. */
    private record Run(String name, int members, List<List<Fault>> rounds) {}

    private static final List<Run> RUNS = List.of(
            new Run("services", 2, ServiceFaults.rounds()),
            new Run("database", 2, DatabaseFaults.rounds()),
            new Run("whoop", 12, WhoopFaults.rounds()));

    @Test
    void eachFaultIsToldToTheRightPersonAndSoIsItsEnd() throws Exception {
        var drills = new ArrayList<Future<Drill>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Run run : RUNS) {
                if (run.name().contains(ONLY)) {
                    drills.add(threads.submit(() -> run(run)));
                }
            }
        }
        var rows = new ArrayList<Drill.Row>();
        var findings = new ArrayList<String>();
        for (Future<Drill> drill : drills) {
            rows.addAll(drill.get().rows());
            findings.addAll(drill.get().findings());
        }
        Report.write(TABLE, rows).forEach(System.err::println);
        assertThat(findings).isEmpty();
    }

    private static Drill run(Run run) {
        try (var scene = new Scene(run.name(), run.members(), Pace.FAST)) {
            var drill = new Drill(scene, PATIENCE);
            run.rounds().forEach(drill::round);
            return drill;
        }
    }
}
