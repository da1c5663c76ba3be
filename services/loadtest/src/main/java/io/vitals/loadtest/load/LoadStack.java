package io.vitals.loadtest.load;

import io.vitals.loadtest.profile.Profile;
import io.vitals.loadtest.stack.Folders;
import io.vitals.loadtest.stack.Queries;
import io.vitals.sandbox.launcher.Conditions;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** All of Vitals on free ports of loopback and in a directory of its own, which are gone afterwards, however the program ends. */
final class LoadStack implements AutoCloseable {
    /** Never reached: it is the services that are measured, not what WHOOP grants. */
    private static final int CALLS_A_MINUTE = 1_000_000;

    private static final int CALLS_A_DAY = 900_000_000;

    /** The limits of production, where the sandbox has wide ones; each member's address is believed as from behind a gateway. */
    private static final Map<String, String> LIMITS = Map.of(
            "VITALS_LIMITS_PER_MINUTE", "100",
            "VITALS_LIMITS_PER_HOUR", "1000",
            "VITALS_LIMITS_PER_DAY", "10000",
            "VITALS_LIMITS_FAILED_PER_MINUTE", "30",
            "VITALS_LIMITS_TRUSTED_PROXIES", "127.0.0.1/32");

    private final Stack stack;
    private final Path directory;
    private final Thread hook = new Thread(this::end);

    private LoadStack(Stack stack, Path directory) {
        this.stack = stack;
        this.directory = directory;
    }

    static LoadStack start(Profile profile, Consumer<String> progress) throws Exception {
        Path directory = Files.createTempDirectory("vitals-load");
        StackSettings settings =
                new StackSettings(Path.of(""), directory, Ports.free(new Random()), Almanac.USUAL, progress);
        Conditions conditions = new Conditions(
                Members.people(profile), CALLS_A_MINUTE, CALLS_A_DAY, 1, 1, 1, Optional.empty(), Map.of(), LIMITS);
        LoadStack started = new LoadStack(new Stack(settings, conditions, progress), directory);
        Runtime.getRuntime().addShutdownHook(started.hook);
        try {
            started.stack.start();
            // WHOOP's answers would say so, too, but only when the first limit is near.
            Queries.execute(
                    started.stack.whoopDatabase(),
                    "UPDATE quota SET minute_limit = " + CALLS_A_MINUTE + ", day_limit = " + CALLS_A_DAY);
            return started;
        } catch (Exception e) {
            started.close();
            throw e;
        }
    }

    Stack stack() {
        return stack;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The program is being ended, and the hook is at work.
        }
    }

    private synchronized void end() {
        stack.close();
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Folders.delete(directory);
        } catch (IOException e) {
            System.err.println("Not all was deleted of " + directory + ": " + e.getMessage());
        }
    }
}
