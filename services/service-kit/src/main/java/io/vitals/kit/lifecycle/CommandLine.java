package io.vitals.kit.lifecycle;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.logging.Logging;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What every service's {@code main} does around its work: its commands, their options, and the exit code. */
public final class CommandLine {
    private static final EventLog LOG = EventLog.of(CommandLine.class);
    private static final String DEFAULT = "serve";

    /** Part of a program that may fail. */
    @FunctionalInterface
    public interface Command {
        void run() throws Exception;
    }

    /** Part of a program that takes options. */
    @FunctionalInterface
    public interface OptionCommand {
        /**
         * Does the work.
         *
         * @throws UsageException if the options do not fit together; the program then ends with 2 and shows how to call it
         */
        void run(Options options) throws Exception;
    }

    /** A question that is asked often, so that its program has to start fast. */
    @FunctionalInterface
    public interface Check {
        /** Asks; the answer is what is wrong, or empty. */
        Optional<String> ask() throws Exception;
    }

    private record Entry(String usage, Options.Syntax syntax, OptionCommand command) {}

    private final String service;
    private final Map<String, Entry> commands = new LinkedHashMap<>();
    private final Map<String, Check> checks = new LinkedHashMap<>();

    private CommandLine(String service) {
        this.service = service;
    }

    /** A program without commands yet. */
    public static CommandLine of(String service) {
        return new CommandLine(service);
    }

    /**
     * Runs {@code serve} without arguments, or the command named by the only one.
     *
     * @param serve returns after a graceful stop
     * @param migrate brings the schema up to date
     * @return 0 if it went well, 1 if it failed, 2 if the configuration or the arguments cannot be used
     */
    public static int run(String service, String[] arguments, Command serve, Command migrate) {
        return of(service).command("serve", serve).command("migrate", migrate).run(arguments);
    }

    /** Adds a command without options. The one named serve is run when no command is named. */
    public CommandLine command(String name, Command command) {
        return command(name, "", Options.Syntax.NONE, options -> command.run());
    }

    /**
     * Adds a command with options.
     *
     * @param name one word, or two with a space between them
     * @param usage the options as shown to whoever gets them wrong
     */
    public CommandLine command(String name, String usage, Options.Syntax syntax, OptionCommand command) {
        commands.put(name, new Entry(usage, syntax, command));
        return this;
    }

    /** Adds a command that answers by its exit code, 0 or 1, and one line. It has no log. */
    public CommandLine check(String name, Check check) {
        checks.put(name, check);
        return this;
    }

    /**
     * Runs the command that the arguments name.
     *
     * @return 0 if it went well, 1 if it failed, 2 if the configuration or the arguments cannot be used
     */
    public int run(String... arguments) {
        @Nullable Check check = arguments.length == 1 ? checks.get(arguments[0]) : null;
        if (check != null) {
            Logging.silence();
            return answer(check);
        }
        Logging.init(service);
        int words = arguments.length > 1 && commands.containsKey(arguments[0] + " " + arguments[1]) ? 2 : 1;
        String name = arguments.length == 0
                ? DEFAULT
                : String.join(" ", Arrays.asList(arguments).subList(0, words));
        @Nullable Entry entry = commands.get(name);
        if (entry == null) {
            return usage("");
        }
        try {
            List<String> rest = Arrays.asList(arguments).subList(Math.min(words, arguments.length), arguments.length);
            entry.command().run(Options.parse(entry.syntax(), rest));
            return 0;
        } catch (UsageException e) {
            return usage(name + ": " + e.getMessage());
        } catch (ConfigException e) {
            return unusable(e);
        } catch (Exception e) {
            LOG.error("failed", e, LogField.OPERATION.of(name));
            return 1;
        }
    }

    private int answer(Check check) {
        try {
            Optional<String> fault = check.ask();
            System.out.println(service + ": " + fault.orElse("ok"));
            return fault.isEmpty() ? 0 : 1;
        } catch (ConfigException e) {
            return unusable(e);
        } catch (Exception e) {
            System.out.println(service + ": " + e);
            return 1;
        }
    }

    private int unusable(ConfigException e) {
        System.err.println(service + ": the configuration cannot be used:");
        e.faults().forEach(fault -> System.err.println("  " + fault));
        return 2;
    }

    private int usage(String fault) {
        if (!fault.isEmpty()) {
            System.err.println(service + " " + fault);
        }
        commands.forEach(
                (name, entry) -> System.err.println(("usage: " + service + " " + name + " " + entry.usage()).strip()));
        checks.keySet().forEach(name -> System.err.println("usage: " + service + " " + name));
        return 2;
    }
}
