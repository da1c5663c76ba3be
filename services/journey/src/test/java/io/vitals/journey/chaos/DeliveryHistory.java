package io.vitals.journey.chaos;

import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.whoop.DeliveryRecorder;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** What the sender of webhooks knows of each: the history that the receiver's inbox is held against. */
final class DeliveryHistory implements DeliveryRecorder {
    private static final Set<String> WORKED_OFF = Set.of("done", "ignored");

    private final Map<UUID, Fate> fates = new HashMap<>();
    private int accepted;
    private int open;
    private @Nullable Throwable failure;

    private static final class Fate {
        boolean accepted;
        boolean gaveUp;
        int refused;
        int unknown;
    }

    /**
     * How the inbox differs from what was acknowledged.
     *
     * @param lost acknowledged, and not in the inbox
     * @param doubled in the inbox more than once
     * @param invented in the inbox, and never sent
     * @param unfinished acknowledged events that are not worked off, by their state
     * @param attempts how the deliveries went, for the record
     */
    record Findings(
            Set<UUID> lost,
            Set<UUID> doubled,
            Set<String> invented,
            Map<String, Integer> unfinished,
            Map<Outcome, Integer> attempts) {
        boolean clean() {
            return lost.isEmpty() && doubled.isEmpty() && invented.isEmpty() && unfinished.isEmpty();
        }
    }

    @Override
    public synchronized void sending(UUID trace) {
        if (fates.putIfAbsent(trace, new Fate()) == null) {
            open++;
        }
    }

    @Override
    public synchronized void attempted(UUID trace, Outcome outcome) {
        Fate fate = fates.computeIfAbsent(trace, _ -> new Fate());
        switch (outcome) {
            case ACCEPTED -> {
                if (!fate.accepted) {
                    fate.accepted = true;
                    accepted++;
                    open -= fate.gaveUp ? 0 : 1;
                }
            }
            case REFUSED, NOT_SENT -> fate.refused++;
            case UNKNOWN -> fate.unknown++;
        }
        notifyAll();
    }

    @Override
    public synchronized void gaveUp(UUID trace) {
        Fate fate = fates.computeIfAbsent(trace, _ -> new Fate());
        if (!fate.gaveUp && !fate.accepted) {
            fate.gaveUp = true;
            open--;
        }
        notifyAll();
    }

    synchronized int sent() {
        return fates.size();
    }

    synchronized int accepted() {
        return accepted;
    }

    /** Events that the sender has given up; nobody promised to have them. */
    synchronized int givenUp() {
        return (int) fates.values().stream()
                .filter(fate -> fate.gaveUp && !fate.accepted)
                .count();
    }

    /** Answers that were no success. */
    synchronized int refused() {
        return fates.values().stream().mapToInt(fate -> fate.refused).sum();
    }

    /** Whoever sends or kills has failed: nobody need wait for it any longer. */
    synchronized void failed(Throwable failure) {
        this.failure = failure;
        notifyAll();
    }

    /** Waits until each event has had an answer, of whatever kind. */
    void awaitAnswered(Duration deadline) {
        awaitUntil(
                "all answered",
                () -> fates.values().stream().allMatch(fate -> fate.accepted || fate.refused > 0 || fate.gaveUp),
                deadline);
    }

    void awaitAccepted(int count, Duration deadline) {
        awaitUntil(count + " accepted", () -> accepted >= count, deadline);
    }

    /**
     * Waits until there is room for one more event.
     *
     * @param mostOpen how many may be on their way
     * @param wanted how many are to be accepted in all
     * @return false when those have been accepted
     */
    boolean awaitRoom(int mostOpen, int wanted, Duration deadline) {
        awaitUntil("room", () -> accepted >= wanted || (open < mostOpen && accepted + open < wanted), deadline);
        return accepted() < wanted;
    }

    /** Waits until no more than so many are sent and neither accepted nor given up. */
    void awaitOpenAtMost(int count, Duration deadline) {
        awaitUntil("at most " + count + " open", () -> open <= count, deadline);
    }

    private synchronized void awaitUntil(String what, BooleanSupplier condition, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (failure != null) {
                throw new AssertionError("not " + what + ", as another thread failed", failure);
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("not " + what + " within " + deadline + ": sent " + fates.size()
                        + ", accepted " + accepted + ", open " + open);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }

    /** Holds the inbox against this history. */
    synchronized Findings compare(Stack stack) {
        Map<String, Integer> rows = new HashMap<>();
        Map<String, String> states = new HashMap<>();
        new Store(stack).inbox((trace, state) -> {
            rows.merge(trace, 1, Integer::sum);
            states.put(trace, state);
        });
        Set<UUID> lost = new TreeSet<>();
        Set<UUID> doubled = new TreeSet<>();
        Map<String, Integer> unfinished = new TreeMap<>();
        fates.forEach((trace, fate) -> {
            int found = rows.getOrDefault(trace.toString(), 0);
            if (fate.accepted && found == 0) {
                lost.add(trace);
            }
            if (found > 1) {
                doubled.add(trace);
            }
            String state = states.get(trace.toString());
            if (state != null && !WORKED_OFF.contains(state)) {
                unfinished.merge(state, 1, Integer::sum);
            }
        });
        Set<String> invented = new TreeSet<>(rows.keySet());
        fates.keySet().forEach(trace -> invented.remove(trace.toString()));
        return new Findings(lost, doubled, invented, unfinished, attempts());
    }

    private Map<Outcome, Integer> attempts() {
        Map<Outcome, Integer> attempts = new TreeMap<>();
        fates.values().forEach(fate -> {
            attempts.merge(Outcome.ACCEPTED, fate.accepted ? 1 : 0, Integer::sum);
            attempts.merge(Outcome.REFUSED, fate.refused, Integer::sum);
            attempts.merge(Outcome.UNKNOWN, fate.unknown, Integer::sum);
        });
        return attempts;
    }
}
