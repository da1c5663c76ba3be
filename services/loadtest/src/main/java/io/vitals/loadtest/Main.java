package io.vitals.loadtest;

import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * {@code make bench}: starts the packaged services with the simulators on free ports and a directory of their own,
 * measures, prints the figures as a table, and leaves nothing behind. Arguments: the length of one measurement in seconds
 * (5), then which of {@code start page read webhook processing store queue} to measure (all).
 */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        System.setProperty("logback.configurationFile", "sandbox-logback.xml");
        double seconds = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 5;
        List<String> wanted = arguments.length > 1
                ? Arrays.asList(arguments).subList(1, arguments.length)
                : List.of("start", "page", "read", "webhook", "processing", "store", "queue");
        Path directory = Files.createTempDirectory("vitals-bench");
        StackSettings settings = new StackSettings(
                Path.of(""), directory, Ports.free(new Random()), Almanac.USUAL, line -> System.err.println(line));
        try (Stack stack = new Stack(settings, line -> System.err.println(line))) {
            stack.start();
            Report report = new Report(System.out);
            SignedWebhooks webhooks =
                    new SignedWebhooks(directory.resolve("secrets").resolve("whoop-client-secret"));
            if (wanted.contains("start")) {
                StartBench starts = new StartBench(report);
                starts.run("whoop-service", stack.whoopService());
                starts.run("health-api", stack.healthApi());
            }
            if (wanted.contains("page")) {
                new PageBench(stack, report).run();
            }
            if (wanted.contains("read")) {
                new ReadBench(stack, directory, seconds, report).run();
            }
            if (wanted.contains("webhook")) {
                new WebhookBench(stack, webhooks, seconds, report).run();
            }
            if (wanted.contains("processing")) {
                new ProcessingBench(stack, webhooks, report).run();
            }
            if (wanted.contains("store")) {
                new StoreBench(stack, directory, seconds, report).run();
            }
            if (wanted.contains("queue")) {
                new QueueBench(stack, report).run();
            }
        } finally {
            delete(directory);
        }
        System.exit(0);
    }

    private static void delete(Path directory) throws java.io.IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
