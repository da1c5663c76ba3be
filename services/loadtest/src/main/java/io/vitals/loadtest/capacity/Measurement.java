package io.vitals.loadtest.capacity;

import io.vitals.loadtest.stack.Folders;
import io.vitals.loadtest.stack.Waiting;
import io.vitals.loadtest.traffic.MemberSession;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Ports;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.launcher.StackSettings;
import io.vitals.sandbox.member.Almanac;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Measures what the model is made of and the benches do not say: bytes a row, and the processor time of an event, on the packaged services,
 * the simulators and a PostgreSQL of their own. Prints a line a figure, by the names of {@code figures.yaml}.
 */
final class Measurement {
    static final List<Account> MEMBERS = List.of(Account.MIRA, Account.JONAS);
    /** Never reached; the minute's stays the nearer one, so that its limit is what the answers tell. */
    private static final int UNLIMITED_PER_MINUTE = 1_000_000;

    private static final int UNLIMITED_PER_DAY = 900_000_000;

    private final PrintStream out;

    Measurement(PrintStream out) {
        this.out = out;
    }

    /** {@code members}: how many fill the tables. */
    void run(int members) throws Exception {
        Path directory = Files.createTempDirectory("vitals-capacity");
        StackSettings settings = new StackSettings(
                Path.of(""), directory, Ports.free(new Random()), Almanac.USUAL, line -> System.err.println(line));
        try (Stack stack = new Stack(settings, line -> System.err.println(line))) {
            stack.start();
            stack.simulators().whoop().control().quota(UNLIMITED_PER_MINUTE, UNLIMITED_PER_DAY);
            for (int number = 1; number <= MEMBERS.size(); number++) {
                connect(stack, number);
            }
            new EventCost(stack, this::figure).run();
            new TableSizes(stack, directory, this::figure).run(members);
        } finally {
            Folders.delete(directory);
        }
    }

    private static void connect(Stack stack, int number) throws Exception {
        try (MemberSession session = MemberSession.signIn(stack, MEMBERS.get(number - 1))) {
            session.connect(number);
            Waiting.until(session::isCurrent);
        }
    }

    private void figure(String name, double value) {
        out.printf(Locale.ROOT, "%s: %.4g%n", name, value);
    }
}
