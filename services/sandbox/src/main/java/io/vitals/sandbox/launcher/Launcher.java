package io.vitals.sandbox.launcher;

import io.vitals.sandbox.member.Almanac;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The commands {@code run}, {@code stop} and {@code status}, and {@code serve}, {@code health} and {@code give} of containers. */
public final class Launcher {
    private final Path root;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * A launcher for one repository.
     *
     * @param root the repository, with the packaged services below it
     */
    public Launcher(Path root, Map<String, String> environment, PrintStream out, PrintStream err) {
        this.root = root;
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.err = err;
    }

    /**
     * Does what the arguments say.
     *
     * @return the exit code: 0 when it went well, 1 when not, 3 for the status of what does not run
     */
    public int run(List<String> arguments) {
        try {
            Options options = Options.parse(arguments);
            return switch (options.command()) {
                case RUN -> options.detach() ? detach(options, arguments) : foreground(options);
                case STOP -> new Background(options.directory(), out).stop();
                case STATUS -> new Background(options.directory(), out).status();
                case SERVE -> serve(options);
                case HEALTH ->
                    new ServeHealth(new RunMarks(options.directory()), options.ports(), options.bind(), out).check();
                case GIVE -> give(options);
            };
        } catch (LaunchFailure e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private int detach(Options options, List<String> arguments) {
        check(settings(options));
        List<String> same = arguments.stream()
                .filter(argument -> !"--detach".equals(argument))
                .toList();
        return new Background(options.directory(), out).start(same);
    }

    private int foreground(Options options) {
        StackSettings settings = settings(options);
        var failure = new CompletableFuture<String>();
        return stay(options, () -> check(settings), new Stack(settings, failure::complete), failure);
    }

    private int serve(Options options) {
        var served = new Served(options.directory(), ServeOptions.of(options.more()), options.ports(), out::println);
        return stay(options, this::refuseProduction, served, new CompletableFuture<>());
    }

    private static int give(Options options) {
        VolumeOwner.of(options.more()).give();
        return 0;
    }

    /** Keeps something up until a signal or its failure. */
    private int stay(Options options, Runnable check, Running running, CompletableFuture<String> failure) {
        try (FileChannel _ = lock(options.directory())) {
            check.run();
            var marks = new RunMarks(options.directory());
            var ending = new Ending(running, marks);
            Runtime.getRuntime().addShutdownHook(new Thread(ending::bySignal, "stop"));
            try {
                marks.starting();
                running.start();
                running.greet(out::println);
                marks.ready();
                String reason = failure.join();
                throw new LaunchFailure(reason);
            } finally {
                ending.byFailure();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private StackSettings settings(Options options) {
        return new StackSettings(root, options.directory(), options.ports(), Almanac.USUAL, out::println);
    }

    /** Everything that can be known to be wrong before anything is started. */
    private void check(StackSettings settings) {
        refuseProduction();
        List<Path> missing = settings.missingJars();
        if (!missing.isEmpty()) {
            throw new LaunchFailure(missing.getFirst() + " is missing: build it first (make run does)");
        }
        Leftovers.endIfAbandoned(settings.directory());
        List<String> taken = settings.ports().taken();
        if (!taken.isEmpty()) {
            throw new LaunchFailure(String.join("\n", taken));
        }
    }

    private void refuseProduction() {
        if ("production".equals(environment.get("VITALS_PROFILE"))) {
            throw new LaunchFailure("VITALS_PROFILE is production: the sandbox does not start there");
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new LaunchFailure("Vitals runs already in " + directory + ": stop it first (make stop)");
        }
        return channel;
    }

    /** Ends a run once, whoever is first to end it. */
    private static final class Ending {
        private final Running running;
        private final RunMarks marks;
        private boolean ended;

        Ending(Running running, RunMarks marks) {
            this.running = running;
            this.marks = marks;
        }

        /** In the shutdown hook of SIGINT and SIGTERM: being asked to stop is a good end. */
        void bySignal() {
            if (end()) {
                Runtime.getRuntime().halt(0);
            }
        }

        void byFailure() {
            end();
        }

        private synchronized boolean end() {
            if (ended) {
                return false;
            }
            ended = true;
            running.close();
            marks.ended();
            return true;
        }
    }
}
