package io.vitals.sandbox.launcher;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/**
 * What the command line asks for.
 *
 * @param portsFrom the first of ten ports in a row; empty for the documented ones
 */
record Options(Command command, boolean detach, Path directory, OptionalInt portsFrom) {
    static final String USAGE = """
            usage: sandbox run|stop|status [options]
              run               start Vitals and stay until Ctrl-C
              run --detach      start Vitals in the background and return when it is ready
              stop              stop what --detach started
              status            say whether Vitals runs
              --ports-from N    use ten ports from N on instead of the documented ones
              --directory DIR   keep data, secrets and logs there (default .vitals)""";

    enum Command {
        RUN,
        STOP,
        STATUS
    }

    static Options parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        Command command = switch (left.isEmpty() ? "run" : left.pop()) {
            case "run" -> Command.RUN;
            case "stop" -> Command.STOP;
            case "status" -> Command.STATUS;
            default -> throw new LaunchFailure(USAGE);
        };
        boolean detach = false;
        Path directory = Path.of(".vitals");
        OptionalInt portsFrom = OptionalInt.empty();
        while (!left.isEmpty()) {
            switch (left.pop()) {
                case "--detach" -> detach = true;
                case "--directory" -> directory = Path.of(value(left));
                case "--ports-from" -> portsFrom = OptionalInt.of(number(value(left)));
                default -> throw new LaunchFailure(USAGE);
            }
        }
        return new Options(command, detach, directory.toAbsolutePath().normalize(), portsFrom);
    }

    Ports ports() {
        return portsFrom.isPresent() ? Ports.from(portsFrom.getAsInt()) : Ports.standard();
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
