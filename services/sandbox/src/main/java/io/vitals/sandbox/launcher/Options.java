package io.vitals.sandbox.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param portsFrom the first of ten ports in a row; empty for the documented ones
 * @param more options of the one command by name
 */
record Options(Command command, boolean detach, Path directory, OptionalInt portsFrom, Map<String, String> more) {
    static final String USAGE = """
            usage: sandbox run|stop|status|serve|health|give [options]
              run               start Vitals and stay until Ctrl-C
              run --detach      start Vitals in the background and return when it is ready
              stop              stop what --detach started
              status            say whether Vitals runs
              serve             start all but Vitals' services, for services in containers, and stay until SIGTERM:
                --bind ADDRESS          listen there
                --name HOST             be known to browsers and services by this name
                --page URL              origin of Vitals' page
                --whoop-webhooks URL    origin that WHOOP delivers to
                --secrets DIR           put the services' secrets there
              health --bind ADDRESS     say by the exit code whether serve is ready there
              give              as root, make volumes the user's that serve and the services run as:
                --to UID                the number of that user
                --directories A,B       where the volumes are
              --ports-from N    use ten ports from N on instead of the documented ones
              --directory DIR   keep data, secrets and logs there (default .vitals)""";

    private static final Map<Command, Set<String>> OWN = Map.of(
            Command.SERVE, Set.of("--bind", "--name", "--page", "--whoop-webhooks", "--secrets"),
            Command.HEALTH, Set.of("--bind"),
            Command.GIVE, Set.of("--to", "--directories"));

    enum Command {
        RUN,
        STOP,
        STATUS,
        SERVE,
        HEALTH,
        GIVE
    }

    static Options parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        Command command = switch (left.isEmpty() ? "run" : left.pop()) {
            case "run" -> Command.RUN;
            case "stop" -> Command.STOP;
            case "status" -> Command.STATUS;
            case "serve" -> Command.SERVE;
            case "health" -> Command.HEALTH;
            case "give" -> Command.GIVE;
            default -> throw new LaunchFailure(USAGE);
        };
        boolean detach = false;
        Path directory = Path.of(".vitals");
        OptionalInt portsFrom = OptionalInt.empty();
        Map<String, String> more = new HashMap<>();
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--detach" -> detach = true;
                case "--directory" -> directory = Path.of(value(left));
                case "--ports-from" -> portsFrom = OptionalInt.of(number(value(left)));
                case String own when OWN.getOrDefault(command, Set.of()).contains(own) -> more.put(own, value(left));
                default -> throw new LaunchFailure(USAGE);
            }
        }
        if (detach && command != Command.RUN) {
            throw new LaunchFailure(USAGE);
        }
        return new Options(command, detach, directory.toAbsolutePath().normalize(), portsFrom, Map.copyOf(more));
    }

    Ports ports() {
        return portsFrom.isPresent() ? Ports.from(portsFrom.getAsInt()) : Ports.standard();
    }

    /** Where {@code health} asks. */
    InetAddress bind() {
        try {
            return InetAddress.getByName(more.getOrDefault("--bind", "127.0.0.1"));
        } catch (UnknownHostException e) {
            throw new LaunchFailure("--bind takes an address such as 0.0.0.0", e);
        }
    }

    private static String value(Deque<String> left) {
        if (left.isEmpty()) {
            throw new LaunchFailure(USAGE);
        }
        return left.pop();
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new LaunchFailure(USAGE, e);
        }
    }
}
