package io.vitals.gitops.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import io.vitals.gitops.scaling.Simulation.Timing;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** A Rollout of an environment with its autoscaler, as they are rendered. */
record Autoscaled(Scaler scaler, double request, double limit, Timing timing) {
    private static final String FIGURES =
            "services/loadtest/src/main/resources/io/vitals/loadtest/capacity/figures.yaml";
    /** Other noise each, and always the same. None of them was there when the policies were chosen: with those all looks well. */
    private static final long FIRST_SEED = 3_001;

    private static final int SEEDS = 100;
    /** Of loads that take a day. */
    private static final int FEW = 10;

    private static final int LONG = 12 * 3_600;

    /** Of every overlay that has an autoscaler, in the order of the overlays' paths. */
    static List<Autoscaled> all(Tree tree) {
        return tree.rendered().values().stream()
                .flatMap(manifests -> manifests.stream()
                        .filter(manifest -> manifest.kind().equals("HorizontalPodAutoscaler"))
                        .map(scaler -> of(scaler, target(manifests, scaler))))
                .toList();
    }

    private static Manifest target(List<Manifest> manifests, Manifest scaler) {
        return manifests.stream()
                .filter(manifest -> manifest.kind().equals(scaler.text("/spec/scaleTargetRef/kind"))
                        && manifest.name().equals(scaler.text("/spec/scaleTargetRef/name")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(scaler.id() + " scales nothing"));
    }

    private static Autoscaled of(Manifest scaler, Manifest rollout) {
        JsonNode container = rollout.containers().getFirst();
        JsonNode figures = Yaml.read(Program.ROOT.resolve(FIGURES)).getFirst().path("figures");
        // Seen by the probe that ends the start and then by the one that lets requests in.
        double start = figure(figures, "pod-schedule")
                + figure(figures, "pod-start")
                + container.at("/startupProbe/periodSeconds").asInt()
                + container.at("/readinessProbe/periodSeconds").asInt();
        return new Autoscaled(
                Scaler.of(scaler),
                cores(container.at("/resources/requests/cpu").asText()),
                cores(container.at("/resources/limits/cpu").asText()),
                new Timing(
                        (int) figure(figures, "metrics-period"),
                        (int) figure(figures, "autoscaler-period"),
                        (int) Math.ceil(start),
                        figure(figures, "autoscaler-tolerance")));
    }

    private static double figure(JsonNode figures, String name) {
        JsonNode value = figures.path(name).path("value");
        if (!value.isNumber()) {
            throw new IllegalStateException(FIGURES + " has no value of " + name);
        }
        return value.doubleValue();
    }

    private static double cores(String text) {
        return text.endsWith("m")
                ? new BigDecimal(text.substring(0, text.length() - 1))
                        .movePointLeft(3)
                        .doubleValue()
                : Double.parseDouble(text);
    }

    /** The most that all its pods are meant to carry, less a little: what is beyond is a question of maxReplicas. */
    double peak() {
        return 0.95 * scaler.most() * request * scaler.target() / 100;
    }

    /** All kinds of load that come, up to that peak. */
    Stream<LongFunction<Load>> loads() {
        return Stream.of(
                seed -> Load.step(peak(), seed),
                seed -> Load.storm(peak(), seed),
                seed -> Load.day(peak(), seed),
                seed -> Load.noise(peak(), seed));
    }

    /** With one noise after the other. */
    List<Simulation.Outcome> outcomes(LongFunction<Load> load) {
        var simulation = new Simulation(scaler, request, limit, timing);
        int seeds = load.apply(FIRST_SEED).seconds() > LONG ? FEW : SEEDS;
        return LongStream.range(FIRST_SEED, FIRST_SEED + seeds)
                .mapToObj(seed -> simulation.under(load.apply(seed)))
                .toList();
    }

    Autoscaled with(Scaler.Behavior up, Scaler.Behavior down) {
        return new Autoscaled(scaler.with(up, down), request, limit, timing);
    }
}
