package io.vitals.kit.lifecycle;

import io.vitals.kit.config.ConfigException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import io.vitals.kit.logging.Logging;

/** What every service's {@code main} does around its work. */
public final class CommandLine {
    private static final EventLog LOG = EventLog.of(CommandLine.class);

    /** Part of a program that may fail. */
    @FunctionalInterface
    public interface Command {
        void run() throws Exception;
    }

    private CommandLine() {}

    /**
     * Runs {@code serve} without arguments, or the command named by the only one.
     *
     * @param serve returns after a graceful stop
     * @param migrate brings the schema up to date
     * @return 0 if it went well, 1 if it failed, 2 if the configuration or the arguments cannot be used
     */
    public static int run(String service, String[] arguments, Command serve, Command migrate) {
        Logging.init(service);
        String name = arguments.length == 0 ? "serve" : arguments[0];
        if (arguments.length > 1 || !(name.equals("serve") || name.equals("migrate"))) {
            System.err.println("usage: " + service + " [serve|migrate]");
            return 2;
        }
        try {
            (name.equals("serve") ? serve : migrate).run();
            return 0;
        } catch (ConfigException e) {
            System.err.println(service + ": the configuration cannot be used:");
            e.faults().forEach(fault -> System.err.println("  " + fault));
            return 2;
        } catch (Exception e) {
            LOG.error("failed", e, LogField.OPERATION.of(name));
            return 1;
        }
    }
}
