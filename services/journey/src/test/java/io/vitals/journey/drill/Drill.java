package io.vitals.journey.drill;

import org.awaitility.core.ConditionTimeoutException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.awaitility.Awaitility.await;

/** Lets faults happen in one run of Vitals, and compares what is told of them with what should be. */
final class Drill {
    private static final Pattern TITLE = Pattern.compile("(CRITICAL|WARNING): (\\w+), ([\\w-]+) in production");
    private static final Set<String> CHANNELS = Set.of("#vitals-incidents", "#vitals-alerts");
    private static final Duration LOOK = Duration.ofMillis(100);

    private final Scene scene;
    private final Watch watch;
    private final Duration patience;
    private final Optional<Runbooks> runbooks;
    private final List<Row> rows = new CopyOnWriteArrayList<>();
    private final List<String> findings = new CopyOnWriteArrayList<>();

    /** How an alert went: each time since the fault began, the last one since it ended. */
    record Row(String fault, Expected alert, Duration fired, Duration told, Optional<Duration> cleared) {}

    /**
     * Prepares.
     *
     * @param watch of the scene, which may have another one besides its own
     * @param patience with each alert, once to come and once to go
     */
    Drill(Scene scene, Watch watch, Duration patience) {
        this(scene, watch, patience, Optional.empty());
    }

    /** As the other; and runs the pages of the alerts that come. */
    Drill(Scene scene, Watch watch, Duration patience, Optional<Runbooks> runbooks) {
        this.scene = scene;
        this.watch = watch;
        this.patience = patience;
        this.runbooks = runbooks;
    }

    List<Row> rows() {
        return rows;
    }

    /** In what it did not go as it should. */
    List<String> findings() {
        return findings;
    }

    /** Faults that do not disturb each other, all at the same time. Begins and ends with nothing that fires. */
    void round(List<Fault> faults) {
        try (var recorder = new Recorder(watch)) {
            // What is about to fire is left of what was before.
            quiet(
                    () -> recorder.pending().isEmpty() && isQuiet(recorder, Set.of()),
                    recorder,
                    "before " + names(faults));
            recorder.first().clear();
            Instant begin = Instant.now();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Fault fault : faults) {
                    threads.execute(() -> run(fault, recorder));
                }
            }
            // What came along may last longer.
            Set<String> along =
                    faults.stream().flatMap(fault -> fault.along().stream()).collect(Collectors.toSet());
            quiet(() -> isQuiet(recorder, along), recorder, "after " + names(faults));
            others(faults, recorder, begin);
        }
    }

    /** A fault that is over as soon as everybody was told, of which nobody waits to hear that it is. */
    void untilTold(Fault fault) throws Exception {
        Instant begin = Instant.now();
        try (var recorder = new Recorder(watch);
                var _ = fault.injection().inject(scene)) {
            for (Expected alert : fault.raises()) {
                if (comes(fault, alert, recorder, begin)) {
                    rows.add(row(fault, alert, recorder, begin, Optional.empty()));
                }
            }
        }
    }

    private Row row(Fault fault, Expected alert, Recorder recorder, Instant begin, Optional<Duration> cleared) {
        return new Row(
                fault.name(),
                alert,
                Duration.between(begin, recorder.first().get(alert.firing())),
                Duration.between(begin, alert.told(watch.sinks(), begin).orElseThrow()),
                cleared);
    }

    private static String names(List<Fault> faults) {
        return faults.stream().map(Fault::name).collect(Collectors.joining(", "));
    }

    private boolean isQuiet(Recorder recorder, Set<String> but) {
        return recorder.now().stream().allMatch(firing -> but.contains(firing.alert()))
                && watch.sinks().open().stream().allMatch(open -> but.stream().anyMatch(open::contains));
    }

    private void quiet(Callable<Boolean> state, Recorder recorder, String when) {
        reached(state)
                .ifPresent(_ -> findings.add(when + ": fires " + recorder.now() + ", told "
                        + watch.sinks().open()));
    }

    private void run(Fault fault, Recorder recorder) {
        try {
            Instant begin = Instant.now();
            AutoCloseable injected = fault.injection().inject(scene);
            List<Expected> came;
            Instant ending;
            try {
                came = fault.raises().stream()
                        .filter(alert -> comes(fault, alert, recorder, begin))
                        .toList();
                if (runbooks.isPresent()) {
                    for (Expected alert : came) {
                        runbooks.get().whileBroken(alert);
                    }
                }
            } finally {
                ending = Instant.now();
                injected.close();
            }
            Instant end = Instant.now();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                // From the end on: what a page verifies may be of these seconds only.
                List<Future<?>> verified = new ArrayList<>();
                runbooks.ifPresent(
                        pages -> came.forEach(alert -> verified.add(threads.submit(() -> pages.whenOver(alert)))));
                for (Expected alert : came) {
                    goes(fault, alert, recorder, begin, ending, end);
                }
                for (Future<?> each : verified) {
                    each.get();
                }
            }
        } catch (Exception e) {
            findings.add(fault.name() + ": " + e);
        }
    }

    private boolean comes(Fault fault, Expected alert, Recorder recorder, Instant begin) {
        Optional<ConditionTimeoutException> late =
                reached(() -> recorder.first().containsKey(alert.firing())
                        && alert.told(watch.sinks(), begin).isPresent());
        late.ifPresent(_ -> findings.add(fault.name() + ": " + alert
                + (recorder.first().containsKey(alert.firing()) ? " fired and was not told" : " did not fire")));
        return late.isEmpty();
    }

    private void goes(Fault fault, Expected alert, Recorder recorder, Instant begin, Instant ending, Instant end) {
        Sinks sinks = watch.sinks();
        if (reached(() -> !recorder.now().contains(alert.firing())
                        && alert.over(sinks, ending).isPresent())
                .isPresent()) {
            findings.add(fault.name() + ": " + alert + " did not clear");
            return;
        }
        Instant over = alert.over(sinks, ending).orElseThrow();
        Duration cleared = over.isBefore(end) ? Duration.ZERO : Duration.between(end, over);
        rows.add(row(fault, alert, recorder, begin, Optional.of(cleared)));
    }

    /** Whatever fired or was told and belongs to none of the faults. */
    private void others(List<Fault> faults, Recorder recorder, Instant begin) {
        var others = new TreeSet<String>();
        for (Watch.Firing firing : recorder.first().keySet()) {
            if (!belongs(faults, firing)) {
                others.add(firing + " fired");
            }
        }
        for (Sinks.Told told : watch.sinks().all()) {
            if (!told.at().isBefore(begin) && CHANNELS.contains(told.to())) {
                var title = TITLE.matcher(told.title());
                if (title.matches()
                        ? !belongs(
                                faults,
                                new Watch.Firing(
                                        title.group(2),
                                        title.group(3),
                                        title.group(1).toLowerCase(Locale.ROOT)))
                        : !told.title().startsWith("OVER: ")) {
                    others.add(told.title() + " was told to " + told.to());
                }
            }
        }
        others.forEach(other -> findings.add(names(faults) + ": " + other));
    }

    private static boolean belongs(List<Fault> faults, Watch.Firing firing) {
        return faults.stream()
                .anyMatch(fault -> fault.along().contains(firing.alert())
                        || fault.raises().stream()
                                .anyMatch(alert -> alert.firing().equals(firing)));
    }

    private Optional<ConditionTimeoutException> reached(Callable<Boolean> state) {
        try {
            await().pollInSameThread().atMost(patience).pollInterval(LOOK).until(state);
            return Optional.empty();
        } catch (ConditionTimeoutException e) {
            return Optional.of(e);
        }
    }
}
