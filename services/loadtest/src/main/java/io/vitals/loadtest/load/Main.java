package io.vitals.loadtest.load;

import io.vitals.kit.config.ConfigException;
import io.vitals.loadtest.profile.DayShape;
import io.vitals.loadtest.profile.Profile;
import io.vitals.loadtest.profile.Profiles;
import io.vitals.loadtest.profile.Scenario;
import io.vitals.loadtest.profile.Thresholds;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code make load}: starts a stack of its own, goes through a profile, prints a table and stops what it started. Arguments: the profile,
 * the file of thresholds, then scenarios, if not those of the profile. The exit code is 1 when a threshold is broken and 2 when
 * nothing could be measured.
 */
public final class Main {
    private static final Path HOME = Path.of("services", "loadtest");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private Main() {}

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "sandbox-logback.xml");
        System.exit(exitCode(arguments));
    }

    private static int exitCode(String[] arguments) {
        try {
            return run(Arrays.asList(arguments)) ? 0 : 1;
        } catch (ConfigException | IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        } catch (Exception e) {
            e.printStackTrace();
            return 2;
        }
    }

    private static boolean run(List<String> arguments) throws Exception {
        if (arguments.size() < 2) {
            throw new IllegalArgumentException("a profile and a file of thresholds are needed");
        }
        String name = arguments.getFirst();
        Profile profile = Profiles.read(HOME.resolve("profiles.yaml")).of(name);
        Thresholds thresholds = Thresholds.read(Path.of(arguments.get(1)));
        DayShape day = DayShape.read(HOME.resolve("day.yaml"));
        List<Scenario> asked =
                arguments.stream().skip(2).map(Scenario::of).sorted().toList();
        Path results = HOME.resolve("target").resolve("load").resolve(STAMP.format(Instant.now()) + "-" + name);
        Consumer<String> progress = System.err::println;
        PrintStream table = System.out;
        try (LoadStack running = LoadStack.start(profile, progress)) {
            return new LoadRun(running, profile, thresholds, day, results, table, progress)
                    .run(asked.isEmpty() ? profile.usual() : asked);
        }
    }
}
