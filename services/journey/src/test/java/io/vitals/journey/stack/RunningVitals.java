package io.vitals.journey.stack;

import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/** Gives tests a {@link Stack}, started once for all test classes, on free ports and on an empty directory. */
public final class RunningVitals implements ParameterResolver {
    private static final Path ROOT = Path.of("../..");

    /** Ten times the usual quota: tests connect in minutes as often as members in an hour, and each connection brings a year of history. */
    private static final Conditions CONDITIONS = new Conditions(4, 1_000, 100_000, 1, 1, 1, Optional.empty(), Map.of());

    private record Run(Stack stack) implements AutoCloseable {
        @Override
        public void close() {
            stack.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Stack.class;
    }

    @Override
    public Stack resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(Run.class, _ -> start(), Run.class)
                .stack();
    }

    private static Run start() {
        // The logs of a run stay until the next one.
        Path directory = Path.of("target", "vitals");
        StackSettings settings = new StackSettings(
                ROOT,
                directory,
                Ports.free(new SecureRandom()),
                Almanac.pinned(LocalDate.now(ZoneOffset.UTC)),
                _ -> {});
        Stack stack = new Stack(settings, CONDITIONS, line -> System.err.println("journey: " + line));
        stack.startAfresh();
        return new Run(stack);
    }
}
