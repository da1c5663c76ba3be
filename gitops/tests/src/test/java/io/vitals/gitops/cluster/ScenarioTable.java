package io.vitals.gitops.cluster;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A line for each scenario: what it shows, how it ended, how long it took, and what was measured. */
final class ScenarioTable implements BeforeTestExecutionCallback, AfterTestExecutionCallback {
    private static final Path FILE = Path.of("target", "scenarios.md");
    private static final Map<String, String> FIGURES = new ConcurrentHashMap<>();
    private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

    /** Something measured, to stand beside the scenario that runs. */
    static void figure(String name, Object value) {
        FIGURES.merge(CURRENT.get(), name + " " + value, (before, next) -> before + ", " + next);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        CURRENT.set(context.getUniqueId());
        context.getStore(ExtensionContext.Namespace.GLOBAL).put(context.getUniqueId(), System.nanoTime());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        Long started = context.getStore(ExtensionContext.Namespace.GLOBAL).get(context.getUniqueId(), Long.class);
        double seconds = started == null
                ? 0
                : Duration.ofNanos(System.nanoTime() - started).toMillis() / 1000.0;
        String line = "| %s | %s | %.1f s | %s |%n"
                .formatted(
                        words(context.getRequiredTestClass().getSimpleName().replaceAll("Test$", "") + ": "
                                + context.getDisplayName().replaceAll("\\(.*\\)$", "")),
                        context.getExecutionException().isPresent() ? "FAILED" : "held",
                        seconds,
                        FIGURES.getOrDefault(context.getUniqueId(), ""));
        Files.writeString(FILE, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        CURRENT.remove();
    }

    private static String words(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
