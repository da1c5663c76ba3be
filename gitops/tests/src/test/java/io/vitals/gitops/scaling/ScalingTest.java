package io.vitals.gitops.scaling;

import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.scaling.Scaler.Behavior;
import io.vitals.gitops.scaling.Scaler.Policy;
import io.vitals.gitops.scaling.Simulation.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The autoscalers as they are rendered, under loads as they come: enough pods soon enough, and no change that is taken back at once. */
class ScalingTest {
    /** From more load to as many ready pods as it needs. */
    private static final int SOON = 180;

    /** Under a noise that goes up and down by a quarter for ever, none at all would mean never to take a pod away. */
    private static final int MOST_TAKEN_BACK = 1;

    private static final Path PAGE = Program.ROOT.resolve("docs/capacity.md");
    private static final Behavior AT_ONCE = new Behavior(0, "Max", List.of(new Policy(true, 100, 15)));

    /** What stood in gitops until this simulation was there; the page shows the difference. */
    private static final Behavior BEFORE_UP = new Behavior(60, "Max", List.of(new Policy(false, 2, 60)));

    private static final Behavior BEFORE_DOWN = new Behavior(600, "Max", List.of(new Policy(false, 1, 120)));

    static Stream<Autoscaled> autoscaled() {
        return Autoscaled.all(Tree.OURS).stream();
    }

    @Test
    void everyServiceOfEveryEnvironmentIsLookedAt() {
        assertThat(autoscaled().map(one -> one.scaler().id()))
                .containsExactlyInAnyOrder(
                        "health-api-dev",
                        "health-api-production",
                        "health-api-staging",
                        "whoop-service-dev",
                        "whoop-service-production",
                        "whoop-service-staging");
    }

    @ParameterizedTest
    @MethodSource("autoscaled")
    void isThereInTimeAndDoesNotFlap(Autoscaled autoscaled) {
        assertThat(complaints(autoscaled)).isEmpty();
    }

    /** The control: what is wrong with other policies is seen. */
    @ParameterizedTest
    @MethodSource("autoscaled")
    void withoutStabilizationItFlaps(Autoscaled autoscaled) {
        assertThat(complaints(autoscaled.with(AT_ONCE, AT_ONCE), noise(autoscaled)))
                .anyMatch(line -> line.contains("taken back"));
    }

    @ParameterizedTest
    @MethodSource("autoscaled")
    void tenMinutesOfLookingBackAreTooFew(Autoscaled autoscaled) {
        assertThat(complaints(autoscaled.with(BEFORE_UP, BEFORE_DOWN), noise(autoscaled)))
                .anyMatch(line -> line.contains("taken back"));
    }

    @ParameterizedTest
    @MethodSource("autoscaled")
    void onePodInFiveMinutesIsTooLate(Autoscaled autoscaled) {
        var slow = new Behavior(240, "Max", List.of(new Policy(false, 1, 300)));

        assertThat(complaints(
                        autoscaled.with(slow, autoscaled.scaler().down()),
                        Stream.of(seed -> Load.step(autoscaled.peak(), seed))))
                .anyMatch(line -> line.contains("pods come after"));
    }

    /** A changed policy in the tree is a changed result here. */
    @Test
    void readsWhatIsRendered(@TempDir Path folder) throws IOException {
        String file = "gitops/apps/health-api/base/horizontalpodautoscaler.yaml";
        Tree tree = Tree.copy(folder, List.of(file));
        Path copy = folder.resolve(file);
        Files.writeString(
                copy,
                Files.readString(copy)
                        .replaceAll("stabilizationWindowSeconds: [0-9]+", "stabilizationWindowSeconds: 0")
                        .replaceAll("periodSeconds: [0-9]+", "periodSeconds: 15"));

        assertThat(Autoscaled.all(tree).stream()
                        .filter(one -> !complaints(one, noise(one)).isEmpty())
                        .map(one -> one.scaler().id()))
                .containsExactlyInAnyOrder("health-api-dev", "health-api-production", "health-api-staging");
    }

    /** {@code -Dvitals.write=true} writes it anew. */
    @Test
    void thePageSaysSo() throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- begin scaling: ScalingTest -->\n";
        String end = "<!-- end scaling -->";
        String filled =
                page.substring(0, page.indexOf(begin) + begin.length()) + table() + page.substring(page.indexOf(end));
        if (Boolean.getBoolean("vitals.write")) {
            Files.writeString(PAGE, filled);
        }
        assertThat(PAGE).hasContent(filled);
    }

    private static List<String> complaints(Autoscaled autoscaled) {
        return complaints(autoscaled, autoscaled.loads());
    }

    private static List<String> complaints(Autoscaled autoscaled, Stream<LongFunction<Load>> loads) {
        List<String> complaints = new ArrayList<>();
        loads.forEach(load -> {
            List<Outcome> outcomes = autoscaled.outcomes(load);
            Load one = load.apply(1);
            String where = autoscaled.scaler().id() + ", " + one.name() + ": ";
            int late = percentile(outcomes, 99, Outcome::scaleOut);
            if (late >= SOON) {
                complaints.add(where + "pods come after " + late + " s");
            }
            int beyond = percentile(outcomes, 100, Outcome::beyond);
            if (beyond >= SOON) {
                complaints.add(where + "more than pods ask for during " + beyond + " s");
            }
            double taken = takenBack(outcomes, one);
            if (taken > (one.name().equals("noise") ? MOST_TAKEN_BACK : 0)) {
                complaints.add(where + "%.2f changes a day are taken back".formatted(taken));
            }
        });
        return complaints;
    }

    private static Stream<LongFunction<Load>> noise(Autoscaled autoscaled) {
        return Stream.of(seed -> Load.noise(autoscaled.peak(), seed));
    }

    private static int percentile(List<Outcome> outcomes, int percent, ToIntFunction<Outcome> figure) {
        int[] sorted = outcomes.stream().mapToInt(figure).sorted().toArray();
        return sorted[(sorted.length * percent + 99) / 100 - 1];
    }

    /** In a day of such a load. */
    private static double takenBack(List<Outcome> outcomes, Load load) {
        return outcomes.stream().mapToInt(Outcome::flaps).sum() * 86_400.0 / load.seconds() / outcomes.size();
    }

    private static String table() {
        var text = new StringBuilder("""
                | Autoscaler | Load | Pods come after, s, median / 99 of 100 / most | More than pods ask for, s, most | Changes, most | Taken back a day |
                |---|---|---|---|---|---|
                """);
        Autoscaled.all(Tree.OURS).stream()
                .filter(one -> one.scaler().id().startsWith("health-api-"))
                .forEach(one ->
                        one.loads().forEach(load -> row(text, one.scaler().id(), one, load)));
        Autoscaled.all(Tree.OURS).stream()
                .filter(one -> one.scaler().id().equals("health-api-production"))
                .forEach(one -> {
                    var before = one.with(BEFORE_UP, BEFORE_DOWN);
                    before.loads().forEach(load -> row(text, "as it was before", before, load));
                    row(
                            text,
                            "without stabilization",
                            one.with(AT_ONCE, AT_ONCE),
                            seed -> Load.noise(one.peak(), seed));
                });
        return text.toString();
    }

    private static void row(StringBuilder text, String name, Autoscaled autoscaled, LongFunction<Load> load) {
        List<Outcome> outcomes = autoscaled.outcomes(load);
        Load one = load.apply(1);
        String after = one.sudden()
                ? IntStream.of(50, 99, 100)
                        .mapToObj(percent -> String.valueOf(percentile(outcomes, percent, Outcome::scaleOut)))
                        .collect(Collectors.joining(" / "))
                : "";
        text.append("| %s | %s | %s | %d | %d | %.2f |\n"
                .formatted(
                        name,
                        one.name(),
                        after,
                        percentile(outcomes, 100, Outcome::beyond),
                        percentile(outcomes, 100, Outcome::changes),
                        takenBack(outcomes, one)));
    }
}
