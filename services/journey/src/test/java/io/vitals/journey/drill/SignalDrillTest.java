package io.vitals.journey.drill;

import io.vitals.journey.stack.Tools;
import io.vitals.runbooks.run.Result;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import static io.vitals.journey.drill.Expected.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Faults of the real thing, several runs of it side by side. */
@Tag("drill")
class SignalDrillTest {
    private static final Duration PATIENCE = Duration.ofSeconds(75);
    /** Of whoever is on call, with nothing that is shortened. */
    private static final Duration PROMISED = Duration.ofMinutes(2);

    private static final Duration IMPATIENCE = Duration.ofSeconds(20);
    private static final Path FOLDER = Path.of("target", "drill");
    /** Whether the pages of the alerts are run too. */
    private static final boolean PAGES = Boolean.getBoolean("vitals.drill.pages");

    private static final List<Result> RESULTS = new CopyOnWriteArrayList<>();
    private static final String ONLY = System.getProperty("vitals.drill.only", "");

    /** A run, with so many members, and what happens there one after the other. */
    private record Run(String name, int members, List<List<Fault>> rounds) {}

    private static final List<Run> RUNS = List.of(
            new Run("services", 2, ServiceFaults.rounds()),
            new Run(
                    "database",
                    6,
                    Stream.of(WhoopFaults.outages(), DatabaseFaults.rounds())
                            .flatMap(List::stream)
                            .toList()),
            new Run("whoop", 12, WhoopFaults.rounds()));

    private final List<Drill.Row> rows = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    @Test
    void eachFaultIsToldToTheRightPersonAndSoIsItsEnd() throws Exception {
        var drills = new ArrayList<Future<List<Drill>>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Run run : RUNS) {
                if (run.name().contains(ONLY)) {
                    drills.add(threads.submit(() -> drill(run)));
                }
            }
        }
        for (Future<List<Drill>> several : drills) {
            for (Drill drill : several.get()) {
                rows.addAll(drill.rows());
                findings.addAll(drill.findings());
            }
        }
        Report.write(FOLDER.resolve("table.txt"), rows).forEach(System.err::println);
        if (PAGES) {
            Report.pages(FOLDER.resolve("pages.txt"), RESULTS).forEach(System.err::println);
            if (Boolean.getBoolean("vitals.write")) {
                String about = "commit " + System.getProperty("vitals.git-sha") + ", " + LocalDate.now(ZoneOffset.UTC);
                Files.writeString(Tools.ROOT.resolve("docs/drills.md"), Report.document(about, rows, RESULTS));
            }
            assertThat(RESULTS).isNotEmpty().noneMatch(result -> result.outcome() == Result.Outcome.FAILED);
        }
        assertThat(findings).isEmpty();
        assertThat(rows.stream().map(Drill.Row::fault).distinct()).hasSizeGreaterThanOrEqualTo(ONLY.isEmpty() ? 20 : 1);
    }

    private static List<Drill> drill(Run run) throws Exception {
        try (var scene = new Scene(run.name(), run.members(), Pace.FAST)) {
            if (!run.equals(RUNS.getFirst())) {
                return List.of(rounds(scene, run));
            }
            // Beside it the real chain, which has looked for long before anything happens to it.
            Path real = Tools.fresh(FOLDER.resolve(run.name()).resolve("real"));
            try (var unhurried = new Watch(real, Pace.REAL, scene.stack().ports(), scene.exporter())) {
                controls(scene);
                Drill drill = rounds(scene, run);
                var chain = new Drill(scene, unhurried, PROMISED);
                chain.untilTold(ServiceFaults.auditLost().named("the same, with nothing shortened"));
                return List.of(drill, chain);
            }
        }
    }

    private static Drill rounds(Scene scene, Run run) throws InterruptedException {
        Optional<Runbooks> runbooks = PAGES ? Optional.of(new Runbooks(scene, Pace.FAST.factor())) : Optional.empty();
        var drill = new Drill(scene, scene.watch(), PATIENCE, runbooks);
        if (runbooks.isPresent()) {
            // Nothing is to be left of the start.
            drill.round(List.of());
            runbooks.get()
                    .whileHealthy(run.rounds().stream()
                            .flatMap(List::stream)
                            .flatMap(fault -> fault.raises().stream())
                            .toList());
        }
        run.rounds().forEach(drill::round);
        runbooks.ifPresent(pages -> RESULTS.addAll(pages.results()));
        assertThat(scene.watch().sinks().told("heartbeat", Instant.EPOCH)).isNotEmpty();
        await("what was paged is an incident that is over")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(scene.watch().overcome())
                        .containsAll(drill.rows().stream()
                                .filter(row ->
                                        row.cleared().isPresent() && row.alert().way() == Expected.Way.PAGE)
                                .map(row -> row.alert().alert())
                                .toList()));
        return drill;
    }

    /** A drill can fail: when nothing happens, when something else does, and when it does not end. */
    private static void controls(Scene scene) throws Exception {
        // What only begins is not to be taken for what they do.
        var start = new Drill(scene, scene.watch(), PATIENCE);
        start.round(List.of());
        assertThat(start.findings()).isEmpty();

        var nothing = new Drill(scene, scene.watch(), IMPATIENCE);
        nothing.round(
                List.of(new Fault("nothing", List.of(page("ServiceDown", "health-api")), Set.of(), _ -> () -> {})));
        assertThat(nothing.findings()).containsExactly("nothing: ServiceDown of health-api (page) did not fire");
        assertThat(nothing.rows()).isEmpty();

        Fault unknown = ServiceFaults.whoopUnknown();
        var ends = new ArrayList<AutoCloseable>();
        var other = new Drill(scene, scene.watch(), IMPATIENCE);
        other.round(List.of(new Fault("another", List.of(page("HealthApiAbsent", "health-api")), Set.of(), same -> {
            ends.add(unknown.injection().inject(same));
            return () -> {};
        })));
        ends.getFirst().close();
        assertThat(other.findings())
                .contains(
                        "another: HealthApiAbsent of health-api (page) did not fire",
                        "another: critical WhoopServiceAbsent of whoop-service fired",
                        "another: CRITICAL: WhoopServiceAbsent, whoop-service in production was told to #vitals-incidents")
                .anyMatch(finding ->
                        finding.startsWith("after another: fires [critical WhoopServiceAbsent of whoop-service]"));
    }
}
