package io.vitals.gitops.scaling;

import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.scaling.Scaler.Behavior;
import io.vitals.gitops.scaling.Scaler.Policy;
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
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The autoscalers as they are rendered, under loads as they come: enough pods soon enough, and no change that is taken back at once. */
class ScalingTest {
    /** From more load to as many ready pods as it needs. */
    private static final int SOON = 180;

    private static final Path PAGE = Program.ROOT.resolve("docs/capacity.md");
    private static final Behavior AT_ONCE = new Behavior(0, "Max", List.of(new Policy(true, 100, 15)));

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
        assertThat(complaints(autoscaled.with(AT_ONCE, AT_ONCE))).anyMatch(line -> line.contains("taken back"));
    }

    @ParameterizedTest
    @MethodSource("autoscaled")
    void onePodInFiveMinutesIsTooLate(Autoscaled autoscaled) {
        var slow = new Behavior(240, "Max", List.of(new Policy(false, 1, 300)));

        assertThat(complaints(autoscaled.with(slow, autoscaled.scaler().down())))
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
                        .filter(one -> !complaints(one).isEmpty())
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
        List<String> complaints = new ArrayList<>();
        autoscaled.loads().forEach(load -> {
            Simulation.Outcome outcome = autoscaled.worst(load);
            String where = autoscaled.scaler().id() + ", " + load.apply(1).name() + ": ";
            if (outcome.scaleOut() >= SOON) {
                complaints.add(where + "pods come after " + outcome.scaleOut() + " s");
            }
            if (outcome.beyond() >= SOON) {
                complaints.add(where + "more than pods ask for during " + outcome.beyond() + " s");
            }
            if (outcome.flaps() > 0) {
                complaints.add(where + outcome.flaps() + " changes were taken back");
            }
        });
        return complaints;
    }

    private static String table() {
        var text = new StringBuilder("""
                | Autoscaler | Load | Pods come after, s | More than pods ask for, s | Changes | Taken back | Requests waited, s |
                |---|---|---|---|---|---|---|
                """);
        Autoscaled.all(Tree.OURS).stream()
                .filter(one -> one.scaler().id().endsWith("-production"))
                .forEach(one -> {
                    one.loads().forEach(load -> row(text, one.scaler().id(), one, load));
                    row(
                            text,
                            one.scaler().id() + ", without stabilization",
                            one.with(AT_ONCE, AT_ONCE),
                            seed -> Load.noise(one.peak(), seed));
                });
        return text.toString();
    }

    private static void row(StringBuilder text, String name, Autoscaled autoscaled, LongFunction<Load> load) {
        Simulation.Outcome outcome = autoscaled.worst(load);
        text.append("| %s | %s | %s | %d | %d | %d | %d |\n"
                .formatted(
                        name,
                        load.apply(1).name(),
                        load.apply(1).sudden() ? outcome.scaleOut() : "",
                        outcome.beyond(),
                        outcome.changes(),
                        outcome.flaps(),
                        outcome.overloaded()));
    }
}
