package io.vitals.kit.lifecycle;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.logging.Logging;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What every service's {@code main} does around its work. */
public final class CommandLine {
    private static final EventLog LOG = EventLog.of(CommandLine.class);

    /** Part of a program that may fail. */
    @FunctionalInterface
    public interface Command {
        void run() throws Exception;
    }

    private CommandLine() {}

    /** A command with the arguments that follow its name; it refuses those it cannot use by {@link UsageException}. */
    @FunctionalInterface
    public interface ArgumentCommand {
        void run(List<String> arguments) throws Exception;
    }

    /** Arguments that a command cannot use, and how they should be. */
    public static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        public UsageException(String usage) {
            super(usage);
        }
    }

    /**
     * Runs {@code serve} without arguments, or the command named by the only one.
     *
     * @param serve returns after a graceful stop
     * @param migrate brings the schema up to date
     * @return 0 if it went well, 1 if it failed, 2 if the configuration or the arguments cannot be used
     */
    public static int run(String service, String[] arguments, Command serve, Command migrate) {
        return run(service, arguments, serve, migrate, Map.of());
    }

    /**
     * As {@link #run(String, String[], Command, Command)}, with further commands that take arguments.
     *
     * @param others by name
     */
    public static int run(
            String service, String[] arguments, Command serve, Command migrate, Map<String, ArgumentCommand> others) {
        Logging.init(service);
        String name = arguments.length == 0 ? "serve" : arguments[0];
        Map<String, ArgumentCommand> commands = new TreeMap<>(others);
        commands.put("serve", rest -> withoutArguments(rest, serve));
        commands.put("migrate", rest -> withoutArguments(rest, migrate));
        ArgumentCommand command = commands.get(name);
        if (command == null) {
            System.err.println("usage: " + service + " [" + String.join("|", commands.keySet()) + "]");
            return 2;
        }
        try {
            command.run(Arrays.stream(arguments).skip(1).toList());
            return 0;
        } catch (UsageException e) {
            System.err.println("usage: " + service + " " + (name + " " + e.getMessage()).strip());
            return 2;
        } catch (ConfigException e) {
            System.err.println(service + ": the configuration cannot be used:");
            e.faults().forEach(fault -> System.err.println("  " + fault));
            return 2;
        } catch (Exception e) {
            LOG.error("failed", e, LogField.OPERATION.of(name));
            return 1;
        }
    }

    private static void withoutArguments(List<String> arguments, Command command) throws Exception {
        if (!arguments.isEmpty()) {
            throw new UsageException("");
        }
        command.run();
    }
}
