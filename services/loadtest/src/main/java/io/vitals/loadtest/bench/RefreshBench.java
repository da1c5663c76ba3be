package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Waiting;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.MemberSession;
import io.vitals.loadtest.traffic.Program;
import io.vitals.sandbox.issuer.Account;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A refresh on demand, one after the other and each of another day: with both sources well, then with a WHOOP that never answers. */
final class RefreshBench {
    private static final int MEMBER = 1;
    private static final int WARM = 20;
    private static final int WELL = 100;
    /** Each costs the whole time that WHOOP gets, until the breaker has seen enough. */
    private static final int BLACK_HOLED = 60;

    private static final Duration NEVER = Duration.ofMinutes(1);

    private final Stack stack;
    private final Report report;
    private int asked;

    RefreshBench(Stack stack, Report report) {
        this.stack = stack;
        this.report = report;
    }

    void run() throws Exception {
        // Each refresh asks WHOOP several times, and a year's history is fetched before.
        stack.simulators().whoop().control().quota(100_000, 1_000_000);
        try (MemberSession session = MemberSession.signIn(stack, Account.MIRA)) {
            if (!session.isCurrent()) {
                session.connect(MEMBER);
            }
            Waiting.until(session::isCurrent);
        }
        Program program = Program.of(stack, Account.MIRA);
        refresh(program, WARM);
        Figures well = refresh(program, WELL);
        report.row(
                "refresh with healthy simulators, p50 / p95 ms of %d".formatted(WELL),
                "%.0f / %.0f".formatted(well.quantileMillis(0.5), well.quantileMillis(0.95)),
                "p95 < 1000");
        stack.simulators()
                .whoop()
                .control()
                .failFor(WhoopEndpoint.all(), Duration.ofHours(1), new WhoopFault.Slow(NEVER));
        try {
            Figures holed = refresh(program, BLACK_HOLED);
            report.row(
                    "refresh with WHOOP black-holed, p50 / p99 / max ms of %d".formatted(BLACK_HOLED),
                    "%.0f / %.0f / %.0f"
                            .formatted(holed.quantileMillis(0.5), holed.quantileMillis(0.99), holed.quantileMillis(1)),
                    "p99 < 3000");
        } finally {
            stack.simulators().whoop().control().clearFaults();
        }
    }

    private Figures refresh(Program program, int times) throws Exception {
        LoadGenerator one = new LoadGenerator(stack.ports().healthPublic(), 1);
        long[] nanos = new long[times];
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            // Another day each time: a refresh that ended just now is answered from.
            LocalDate date = LocalDate.now(ZoneOffset.UTC).minusDays(1 + asked++);
            byte[] request = ("POST /api/v1/users/me/refresh?date=" + date
                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nAuthorization: Bearer "
                            + program.key() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            nanos[i] = one.once(200, request);
        }
        return Figures.of(nanos, 0, (System.nanoTime() - start) / 1e9);
    }
}
