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
import java.util.function.Consumer;

/** Gives tests a {@link Stack}, started once for all test classes of a JVM, on free ports and on an empty directory. */
public abstract class SharedStack implements ParameterResolver {
    private static final Path ROOT = Path.of("../..");

    private final String name;
    private final Conditions conditions;
    private final Consumer<Stack> preparation;

    /**
     * Describes the stack.
     *
     * @param name of its directory and in its output
     * @param preparation what is done once it runs, before the first test
     */
    protected SharedStack(String name, Conditions conditions, Consumer<Stack> preparation) {
        this.name = name;
        this.conditions = conditions;
        this.preparation = preparation;
    }

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
                .getStore(Namespace.create(getClass()))
                .computeIfAbsent(Run.class, _ -> start(), Run.class)
                .stack();
    }

    private Run start() {
        // Test JVMs run side by side. The logs of a run stay until the next one.
        Path directory = Path.of("target", name, System.getProperty("vitals.fork", "alone"));
        var settings = new StackSettings(
                ROOT,
                directory,
                Ports.free(new SecureRandom()),
                Almanac.pinned(LocalDate.now(ZoneOffset.UTC)),
                _ -> {});
        var stack = new Stack(settings, conditions, line -> System.err.println(name + ": " + line));
        stack.startAfresh();
        try {
            preparation.accept(stack);
            return new Run(stack);
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }
}
