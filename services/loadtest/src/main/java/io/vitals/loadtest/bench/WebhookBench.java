package io.vitals.loadtest.bench;

import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.stack.Waiting;
import io.vitals.loadtest.traffic.Figures;
import io.vitals.loadtest.traffic.LoadGenerator;
import io.vitals.loadtest.traffic.Occasion;
import io.vitals.loadtest.traffic.SignedWebhooks;
import io.vitals.sandbox.launcher.Stack;

import java.util.UUID;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/**
 * How many WHOOP webhooks a second are accepted, each with its inbox row on disk before the answer. The events are of
 * nobody known, so that the figure is the intake's and its workers' alone.
 */
final class WebhookBench {
    private static final int CONNECTIONS = 64;
    private static final int STEADY_PER_SECOND = 500;
    private static final int NOBODY = 999_999_999;
    /** Enough for what may be accepted in a second. */
    private static final int READY_PER_SECOND = 8_000;

    private final Stack stack;
    private final SignedWebhooks webhooks;
    private final double seconds;
    private final Report report;

    WebhookBench(Stack stack, SignedWebhooks webhooks, double seconds, Report report) {
        this.stack = stack;
        this.webhooks = webhooks;
        this.seconds = seconds;
        this.report = report;
    }

    void run() throws Exception {
        LoadGenerator load = new LoadGenerator(stack.ports().whoopPublic(), CONNECTIONS);
        long before = inboxRows();
        // Rounds before those that count compile the hot paths.
        Figures warmUp = load.run(2 * seconds, 204, readyFor(2 * seconds));
        Figures most = load.run(seconds, 204, readyFor(seconds));
        settle();
        Figures steady = load.runAt(STEADY_PER_SECOND, seconds, 204, readyFor(seconds));
        long accepted = warmUp.sortedNanos().length + (long) most.sortedNanos().length + steady.sortedNanos().length;
        report.row(
                "webhooks accepted and durable, /s at %d connections".formatted(CONNECTIONS),
                "%.0f".formatted(most.perSecond()),
                ">= 3000");
        report.row("webhook accept at that rate, p50 / p99 ms", quantiles(most));
        report.row(
                "webhook accept at %d/s, open loop, p50 / p99 ms".formatted(STEADY_PER_SECOND),
                quantiles(steady),
                "p99 < 50");
        report.row(
                "webhooks at %d/s, answered / failed".formatted(STEADY_PER_SECOND),
                steady.sortedNanos().length + " / " + steady.failed());
        report.row("webhooks answered 204 / rows in the inbox", accepted + " / " + (inboxRows() - before), "equal");
    }

    private static String quantiles(Figures figures) {
        return "%.2f / %.2f".formatted(figures.quantileMillis(0.5), figures.quantileMillis(0.99));
    }

    /** Signed before the clock runs: the generator shares the cores with the service. */
    private LongFunction<byte[]> readyFor(double forSeconds) {
        byte[][] ready = IntStream.range(0, (int) (READY_PER_SECOND * forSeconds))
                .mapToObj(_ -> webhook())
                .toArray(byte[][]::new);
        return n -> n < ready.length ? ready[(int) n] : webhook();
    }

    private byte[] webhook() {
        return webhooks.delivery(new Occasion(NOBODY, UUID.randomUUID(), "sleep.updated"));
    }

    /** The workers' rest of the last round is not the next one's load. */
    private void settle() throws Exception {
        Waiting.untilWorkedOff(stack.whoopDatabase());
    }

    private long inboxRows() throws Exception {
        return Queries.count(stack.whoopDatabase(), "SELECT count(*) FROM webhook_inbox");
    }
}
