package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Folders;
import io.vitals.loadtest.traffic.SignedWebhooks;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * {@code make bench}: starts the packaged services with the simulators on free ports and a directory of their own,
 * measures, prints the figures as a table, and leaves nothing behind. Arguments: the length of one measurement in seconds
 * (5), then which of {@link #PARTS} to measure (all but the long ones). Some take a number: {@code scale=20000} members,
 * {@code soak=60} seconds, {@code verify=500000} entries.
 */
public final class Main {
    private static final Map<String, Part> PARTS = new LinkedHashMap<>();

    /** Those that take many minutes are measured only when named. */
    private static final Set<String> LONG = Set.of("scale", "soak");

    static {
        PARTS.put("start", (bench, number) -> {
            StartBench starts = new StartBench(bench.report());
            starts.run("whoop-service", bench.stack().whoopService());
            starts.run("health-api", bench.stack().healthApi());
        });
        PARTS.put("page", (bench, number) -> new PageBench(bench.stack(), bench.report()).run());
        PARTS.put("interactive", (bench, number) -> new InteractiveBench(bench.stack(), bench.report()).run());
        PARTS.put("refresh", (bench, number) -> new RefreshBench(bench.stack(), bench.report()).run());
        PARTS.put(
                "read",
                (bench, number) ->
                        new ReadBench(bench.stack(), bench.directory(), bench.seconds(), bench.report()).run());
        PARTS.put("metrics", (bench, number) -> new MetricsBench(bench.stack(), bench.seconds(), bench.report()).run());
        PARTS.put(
                "scale",
                (bench, number) -> new ScaleBench(bench.stack(), number.orElse(100_000), bench.report()).run());
        PARTS.put(
                "verify",
                (bench, number) -> new VerifyBench(bench.stack(), number.orElse(500_000), bench.report()).run());
        PARTS.put(
                "soak",
                (bench, number) ->
                        new SoakBench(bench.stack(), Duration.ofSeconds(number.orElse(600)), bench.report()).run());
        PARTS.put(
                "webhook",
                (bench, number) ->
                        new WebhookBench(bench.stack(), bench.webhooks(), bench.seconds(), bench.report()).run());
        PARTS.put(
                "processing",
                (bench, number) -> new ProcessingBench(bench.stack(), bench.webhooks(), bench.report()).run());
        PARTS.put(
                "store",
                (bench, number) ->
                        new StoreBench(bench.stack(), bench.directory(), bench.seconds(), bench.report()).run());
        PARTS.put("queue", (bench, number) -> new QueueBench(bench.stack(), bench.report()).run());
    }

    private Main() {}

    /** What a part measures with. */
    private record Bench(Stack stack, Path directory, double seconds, Report report, SignedWebhooks webhooks) {}

    @FunctionalInterface
    private interface Part {
        void measure(Bench bench, Optional<Integer> number) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("logback.configurationFile", "sandbox-logback.xml");
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 5;
        List<String> wanted = arguments.length > 1
                ? Arrays.asList(arguments).subList(1, arguments.length)
                : PARTS.keySet().stream().filter(name -> !LONG.contains(name)).toList();
        for (String part : wanted) {
            if (!PARTS.containsKey(name(part))) {
                throw new IllegalArgumentException("no such part: " + part + "; there are " + PARTS.keySet());
            }
        }
        Path directory = Files.createTempDirectory("vitals-bench");
        StackSettings settings = new StackSettings(
                Path.of(""), directory, Ports.free(new Random()), Almanac.USUAL, line -> System.err.println(line));
        try (Stack stack = new Stack(settings, line -> System.err.println(line))) {
            stack.start();
            SignedWebhooks webhooks =
                    new SignedWebhooks(directory.resolve("secrets").resolve("whoop-client-secret"));
            Bench bench = new Bench(stack, directory, seconds, new Report(System.out), webhooks);
            for (Map.Entry<String, Part> part : PARTS.entrySet()) {
                for (String asked : wanted) {
                    if (name(asked).equals(part.getKey())) {
                        part.getValue().measure(bench, number(asked));
                    }
                }
            }
        } finally {
            Folders.delete(directory);
        }
        System.exit(0);
    }

    private static String name(String part) {
        return part.split("=", 2)[0];
    }

    private static Optional<Integer> number(String part) {
        return part.contains("=") ? Optional.of(Integer.parseInt(part.split("=", 2)[1])) : Optional.empty();
    }
}
