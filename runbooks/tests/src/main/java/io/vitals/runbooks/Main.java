package io.vitals.runbooks;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.config.Settings;
import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.PageException;
import io.vitals.runbooks.run.Console;
import io.vitals.runbooks.run.Drill;
import io.vitals.runbooks.run.Pace;
import io.vitals.runbooks.run.Place;
import io.vitals.runbooks.run.Result;
import io.vitals.runbooks.run.Tally;
import io.vitals.runbooks.run.Targets;
import io.vitals.runbooks.run.Walk;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code walk PAGE} goes through a page with a person, {@code drill ALERT} lets its fault happen and follows the page; both in the root of the
 * tree, and with DRY, TARGET and DATABASE from the environment. {@code incidents}, {@code incident FILE} and {@code on-call} are {@link Desk}'s.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final int USAGE = 64;
    private static final int DATA = 65;
    private static final int NO_INPUT = 66;
    private static final int CONFIG = 78;
    private static final int INTERRUPTED = 130;
    private static final Path ALERTS = Path.of("runbooks/alerts");
    private static final Path PROCEDURES = Path.of("runbooks/procedures");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]+");
    private static final Pattern PROCEDURE = Pattern.compile("[a-z].*");
    private static final Duration LAST_WORDS = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private Main() {}

    public static void main(String[] arguments) {
        var terminal = new Terminal();
        var done = new AtomicBoolean();
        endInOrder(terminal, done);
        int code;
        try {
            code = run(Path.of("").toAbsolutePath(), List.of(arguments), System.getenv(), Clock.systemUTC(), terminal);
        } catch (InterruptedException e) {
            code = refuse(terminal, INTERRUPTED, "interrupted");
        }
        done.set(true);
        System.exit(code);
    }

    /** Ctrl-C ends what was begun, rather than leaving it. */
    private static void endInOrder(Terminal terminal, AtomicBoolean done) {
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            // Nothing runs while a person is asked, and an answer can not be waited for here.
            if (done.get() || terminal.asks()) {
                return;
            }
            main.interrupt();
            long until = System.nanoTime() + LAST_WORDS.toNanos();
            while (!done.get() && System.nanoTime() < until) {
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }));
    }

    /** The code to exit with: 0 when nothing failed. */
    static int run(Path tree, List<String> arguments, Map<String, String> environment, Clock clock, Console console)
            throws InterruptedException {
        OptionalInt desk = new Desk(tree, clock, console).run(arguments);
        if (desk.isPresent()) {
            return desk.getAsInt();
        }
        if (arguments.size() != 2 || !List.of("walk", "drill").contains(arguments.getFirst())) {
            return refuse(
                    console, USAGE, "runbooks walk ALERT|PROCEDURE, drill ALERT, incidents, incident FILE or on-call");
        }
        // Whoever does not say where it is takes the care that production needs.
        String said = environment.getOrDefault("TARGET", "");
        Optional<Place> target = said.isEmpty()
                ? Optional.of(Place.PRODUCTION)
                : Arrays.stream(Place.values())
                        .filter(one -> name(one).equals(said))
                        .findFirst();
        if (target.isEmpty()) {
            return refuse(
                    console,
                    USAGE,
                    "TARGET: there are "
                            + Arrays.stream(Place.values()).map(Main::name).collect(Collectors.joining(", ")));
        }
        String database = environment.getOrDefault("DATABASE", "");
        if (!List.of("", "health", "whoop").contains(database)) {
            return refuse(console, USAGE, "DATABASE: there are health, whoop");
        }
        String name = arguments.get(1);
        Path place = (PROCEDURE.matcher(name).matches() ? PROCEDURES : ALERTS).resolve(name + ".md");
        Path file = tree.resolve(place);
        if (!NAME.matcher(name).matches() || !Files.isRegularFile(file)) {
            return refuse(console, NO_INPUT, "there is no " + place);
        }
        try {
            Page page = Page.read(file);
            Targets targets = settings(environment)
                    .targets(tree, Optional.of(database).filter(given -> !given.isEmpty()), environment);
            return arguments.getFirst().equals("walk")
                    ? code(new Walk(
                                    page,
                                    targets,
                                    target.get(),
                                    environment.containsKey("DRY")
                                            && !environment
                                                    .getOrDefault("DRY", "")
                                                    .isEmpty(),
                                    console)
                            .walk())
                    : drill(page, targets, target.get(), said, console);
        } catch (PageException e) {
            e.faults().forEach(fault -> console.say("vitals: " + fault));
            return DATA;
        } catch (ConfigException e) {
            return refuse(console, CONFIG, String.valueOf(e.getMessage()));
        }
    }

    private static int drill(Page page, Targets targets, Place target, String said, Console console)
            throws InterruptedException {
        if (target == Place.PRODUCTION) {
            return refuse(
                    console,
                    USAGE,
                    said.isEmpty()
                            ? "TARGET: a drill has to be told where it may break something: local, dev or staging"
                            : "TARGET: a drill breaks something and asks nobody, so never in production");
        }
        try {
            Tally tally = new Drill(page, targets, Pace.REAL, result -> console.say(told(result))).run();
            console.say(tally.toString());
            return code(tally);
        } catch (IllegalArgumentException e) {
            return refuse(console, DATA, String.valueOf(e.getMessage()));
        }
    }

    private static String told(Result result) {
        return result.output().isEmpty() || result.outcome() == Result.Outcome.PASSED
                ? result.toString()
                : result + "\n" + result.output().indent(2).stripTrailing();
    }

    private static RunbookSettings settings(Map<String, String> environment) {
        var own = new HashMap<>(environment);
        // It is for whoever starts us.
        own.remove("VITALS_JDK");
        return Settings.load(RunbookSettings.class, own);
    }

    private static String name(Place place) {
        return place.name().toLowerCase(Locale.ROOT);
    }

    private static int code(Tally tally) {
        return tally.of(Result.Outcome.FAILED) == 0 ? 0 : FAILED;
    }

    private static int refuse(Console console, int code, String message) {
        console.say("vitals: " + message);
        return code;
    }
}
