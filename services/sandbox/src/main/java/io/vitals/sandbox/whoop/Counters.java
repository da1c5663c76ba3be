package io.vitals.sandbox.whoop;

import java.util.Map;
import java.util.TreeMap;

/** What the simulator has seen since its start or the last reset. */
final class Counters {
    private final Map<String, Long> calls = new TreeMap<>();
    private long faults;

    synchronized void called(String name) {
        calls.merge(name, 1L, Long::sum);
    }

    synchronized void faulted() {
        faults++;
    }

    synchronized Map<String, Long> calls() {
        return Map.copyOf(calls);
    }

    synchronized long faults() {
        return faults;
    }

    synchronized void reset() {
        calls.clear();
        faults = 0;
    }
}
