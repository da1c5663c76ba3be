package io.vitals.loadtest.capacity;

import io.vitals.loadtest.stack.Processes;
import io.vitals.loadtest.stack.Queries;
import io.vitals.loadtest.stack.Waiting;
import io.vitals.loadtest.traffic.Occasion;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Processor time of an event from WHOOP's delivery to the merged day: accepted, worked off, stored, told, merged. What both services take
 * while nothing happens is measured over the same time before, and taken off.
 */
final class EventCost {
    private static final int WARM_UPS = 16;
    private static final int ROUNDS = 8;
    private static final Duration BETWEEN = Duration.ofMillis(20);
    /** For the last to be worked off and merged. */
    private static final Duration MERGED = Duration.ofSeconds(3);

    private final Stack stack;
    private final Figure out;

    /** Takes a figure by its name. */
    @FunctionalInterface
    interface Figure {
        void is(String name, double value);
    }

    private record Spent(long whoop, long whoopDatabase, long health, long healthDatabase, long nanos) {
        static final Spent NOTHING = new Spent(0, 0, 0, 0, 0);

        Spent plus(Spent other) {
            return new Spent(
                    whoop + other.whoop,
                    whoopDatabase + other.whoopDatabase,
                    health + other.health,
                    healthDatabase + other.healthDatabase,
                    nanos + other.nanos);
        }

        Spent minus(Spent other) {
            return new Spent(
                    whoop - other.whoop,
                    whoopDatabase - other.whoopDatabase,
                    health - other.health,
                    healthDatabase - other.healthDatabase,
                    nanos - other.nanos);
        }

        /** Microseconds an event of one of them, without what the same time costs at rest. */
        static double micros(long busy, long busyNanos, long idle, long idleNanos, int events) {
            return (busy - (double) idle * busyNanos / idleNanos) / 1e3 / events;
        }
    }

    EventCost(Stack stack, Figure out) {
        this.stack = stack;
        this.out = out;
    }

    void run() throws Exception {
        // History is fetched in the background after a link is made, and would be counted in.
        Waiting.until(() -> Queries.count(
                        stack.whoopDatabase(),
                        "SELECT count(*) FROM sync_walk WHERE kind = 'history' AND done_at IS NOT NULL")
                == Measurement.MEMBERS.size());
        List<Occasion> occasions = new ArrayList<>();
        for (int number = 1; number <= Measurement.MEMBERS.size(); number++) {
            occasions.addAll(
                    Occasion.of(stack.simulators().whoop().control().people().member(number)));
        }
        for (int round = 0; round < WARM_UPS; round++) {
            deliver(occasions);
        }
        Spent busy = Spent.NOTHING;
        long calls = calls();
        for (int round = 0; round < ROUNDS; round++) {
            busy = busy.plus(deliver(occasions));
        }
        double callsAnEvent = (double) (calls() - calls) / (ROUNDS * occasions.size());
        Spent before = spent();
        Thread.sleep(Duration.ofNanos(busy.nanos()));
        Spent idle = spent().minus(before);
        int events = ROUNDS * occasions.size();
        out.is("event-whoop-service-cpu", Spent.micros(busy.whoop(), busy.nanos(), idle.whoop(), idle.nanos(), events));
        out.is(
                "event-whoop-database-cpu",
                Spent.micros(busy.whoopDatabase(), busy.nanos(), idle.whoopDatabase(), idle.nanos(), events));
        out.is("merge-health-api-cpu", Spent.micros(busy.health(), busy.nanos(), idle.health(), idle.nanos(), events));
        out.is(
                "merge-health-database-cpu",
                Spent.micros(busy.healthDatabase(), busy.nanos(), idle.healthDatabase(), idle.nanos(), events));
        out.is("idle-whoop-service-cpu", 1e3 * idle.whoop() / idle.nanos());
        out.is("idle-health-api-cpu", 1e3 * idle.health() / idle.nanos());
        out.is("calls-per-event", callsAnEvent);
    }

    private long calls() {
        return stack.simulators().whoop().control().figures().totalCalls();
    }

    private Spent spent() throws IOException {
        return new Spent(
                cpu(stack.whoopService().pid()),
                Processes.postgresCpuNanos("whoop"),
                cpu(stack.healthApi().pid()),
                Processes.postgresCpuNanos("health"),
                System.nanoTime());
    }

    private static long cpu(long pid) {
        return Processes.cpuNanos(ProcessHandle.of(pid).orElseThrow());
    }

    /** Every occasion once; WHOOP has a newer version of each record than the one stored. Nothing else asks the databases meanwhile. */
    private Spent deliver(List<Occasion> occasions) throws Exception {
        for (String table : List.of("sleep", "recovery", "workout")) {
            Queries.execute(
                    stack.whoopDatabase(), "UPDATE " + table + " SET updated_at = updated_at - INTERVAL '1 day'");
        }
        Spent before = spent();
        for (Occasion occasion : occasions) {
            stack.simulators()
                    .whoop()
                    .control()
                    .sendEvent(occasion.userId(), occasion.object(), occasion.type(), UUID.randomUUID());
            Thread.sleep(BETWEEN);
        }
        Thread.sleep(MERGED);
        Spent spent = spent().minus(before);
        Waiting.untilWorkedOff(stack.whoopDatabase());
        return spent;
    }
}
