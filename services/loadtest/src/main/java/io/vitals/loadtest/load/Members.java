package io.vitals.loadtest.load;

import io.vitals.loadtest.gatling.Plan.BrowserLogin;
import io.vitals.loadtest.gatling.Plan.ProgramLogin;
import io.vitals.loadtest.profile.Profile;
import io.vitals.loadtest.stack.MemberDays;
import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.stack.Waiting;
import io.vitals.loadtest.traffic.MemberSession;
import io.vitals.loadtest.traffic.Occasion;
import io.vitals.loadtest.traffic.Program;
import io.vitals.probe.browser.BrowserException;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;

import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Synthetic members with data, as many as a profile names: those with WHOOP connected come by their history as real ones do, from the
 * simulators; the others have the days that benches put in. Each asks from an address of its own.
 */
final class Members {
    /** The accounts of the sandbox come before; two of them are no plain members. */
    private static final int FIRST = Account.SANDBOX.size() + 1;

    /** Less than the simulated people's lives are long. */
    private static final int DAYS = 180;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration HISTORY = Duration.ofMinutes(10);

    private final Stack stack;
    private final Profile profile;

    Members(Stack stack, Profile profile) {
        this.stack = stack;
        this.profile = profile;
    }

    /** How many simulated people a stack needs for a profile. */
    static int people(Profile profile) {
        return Account.SANDBOX.size() + profile.connected() + profile.connecting();
    }

    /** Members who read, those with WHOOP connected first. */
    List<ProgramLogin> programs() throws Exception {
        for (int number = FIRST; number < FIRST + profile.connected(); number++) {
            try (MemberSession session = signIn(number)) {
                int whoopMember = number;
                patiently(() -> {
                    session.connect(whoopMember);
                    return session;
                });
            }
        }
        Waiting.until(this::historyIsThere, LOOK_EVERY, HISTORY);
        List<ProgramLogin> programs = new ArrayList<>();
        String yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
        for (int number = FIRST; number < FIRST + profile.connected(); number++) {
            Program program = Program.of(stack, account(number));
            programs.add(new ProgramLogin(program.key(), yesterday, address(number)));
        }
        try (Connection connection = stack.healthDatabase().connectAsOwner()) {
            for (int number = profile.connected(); number < profile.users(); number++) {
                Program program = Program.of(stack, new Account("reader-" + number, "Reader", List.of("member")));
                MemberDays.seed(connection, program.member());
                programs.add(
                        new ProgramLogin(program.key(), MemberDays.LAST.toString(), address(people(profile) + number)));
            }
            Queries.execute(connection, "ANALYZE daily_record");
        }
        return programs;
    }

    private MemberSession signIn(int number) throws Exception {
        return patiently(() -> MemberSession.signIn(stack, account(number), address(number)));
    }

    /** On a busy machine health-api gives up on the identity provider or on whoop-service soon; as members do, we try again. */
    private static <T> T patiently(Callable<T> step) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return step.call();
            } catch (BrowserException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(LOOK_EVERY);
            }
        }
    }

    private boolean historyIsThere() throws Exception {
        return isFetched() && isMerged();
    }

    /** No sync is due or under way, and no webhook waits. */
    private boolean isFetched() throws Exception {
        return Queries.count(stack.whoopDatabase(), """
                        SELECT (SELECT count(*) FROM link WHERE state = 'active' AND NOT EXISTS
                                   (SELECT FROM sync_cursor AS cursor WHERE cursor.member_id = link.member_id
                                       AND cursor.complete_to IS NOT NULL))
                             + (SELECT count(*) FROM sync_cursor WHERE claim_id IS NOT NULL OR due_at <= now())
                             + (SELECT count(*) FROM webhook_inbox WHERE state = 'pending')""") == 0;
    }

    /** Everybody's days are there, and none waits to be built anew. */
    private boolean isMerged() throws Exception {
        try (Connection connection = stack.healthDatabase().connectAsOwner()) {
            // Row-level security: without it there is nothing to be seen.
            Queries.execute(connection, "SET vitals.worker = 'projector'");
            long members = Queries.count(connection, """
                    SELECT count(*) FROM (SELECT member FROM daily_record GROUP BY member HAVING count(*) >= %d) AS member""".formatted(DAYS));
            long waiting = Queries.count(
                    connection, "SELECT count(*) FROM rebuild_request WHERE due_at IS NULL OR due_at <= now()");
            return members >= profile.connected() && waiting == 0;
        }
    }

    /** Members who are signed in, have consented and have not connected. */
    List<BrowserLogin> browsers() throws Exception {
        List<BrowserLogin> browsers = new ArrayList<>();
        int first = FIRST + profile.connected();
        for (int number = first; number < first + profile.connecting(); number++) {
            try (MemberSession session = signIn(number)) {
                patiently(() -> {
                    session.consent();
                    return session;
                });
                browsers.add(new BrowserLogin(session.cookie(), number, address(number)));
            }
        }
        return browsers;
    }

    /** What WHOOP can tell of the connected members, one member after the other for each record. */
    List<Occasion> occasions() {
        List<List<Occasion>> each = new ArrayList<>();
        for (int number = FIRST; number < FIRST + profile.connected(); number++) {
            each.add(Occasion.of(stack.simulators().population().member(number)));
        }
        List<Occasion> byTurns = new ArrayList<>();
        int most = each.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < most; i++) {
            for (List<Occasion> one : each) {
                if (i < one.size()) {
                    byTurns.add(one.get(i));
                }
            }
        }
        return byTurns;
    }

    private static Account account(int number) {
        return new Account("member-" + number, "Member " + number, List.of("member"));
    }

    /** Of a range that is nobody's: for benchmarks. */
    private static String address(int number) {
        return "198.18." + number / 250 + "." + (1 + number % 250);
    }
}
