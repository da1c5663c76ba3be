package io.vitals.journey.stack;

import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/**
 * Gives tests a {@link Stack} on free ports and on an empty directory. It goes from test class to test class of a JVM and
 * ends with it, or when a class wants a stack of another kind.
 */
public abstract class SharedStack implements ParameterResolver {
    private static final Namespace RUNS = Namespace.create(SharedStack.class);
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

    private record Run(Class<?> kind, Stack stack) implements AutoCloseable {
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
        // Surefire hands the classes to a JVM one by one, so what belongs to one of its runs would end with each class.
        var runs = context.getStore(StoreScope.LAUNCHER_SESSION, RUNS);
        Run last = runs.get(Run.class, Run.class);
        if (last != null && last.kind() == getClass()) {
            return last.stack();
        }
        if (last != null) {
            runs.remove(Run.class);
            last.close();
        }
        Run next = start();
        runs.put(Run.class, next);
        return next.stack();
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
            return new Run(getClass(), stack);
        } catch (RuntimeException | Error e) {
            stack.close();
            throw e;
        }
    }
}
