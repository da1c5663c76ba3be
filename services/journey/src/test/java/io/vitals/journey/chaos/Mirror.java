package io.vitals.journey.chaos;

import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Member;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Holds what is stored against what the simulated WHOOP has, and daily records against what is stored. */
final class Mirror {
    /** A day less than is fetched when a link is made: a run may begin before midnight and end after it. */
    private static final Duration FETCHED = Duration.ofDays(28);

    private static final int MOST_SHOWN = 10;

    private final Stack stack;
    private final Store store;
    private final Set<Integer> people;

    Mirror(Stack stack, Set<Integer> people) {
        this.stack = stack;
        this.store = new Store(stack);
        this.people = people;
    }

    /** Records that differ by their existence or their version, in words; empty when all agree. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        for (int person : people.stream().sorted().toList()) {
            Member member = stack.simulators().population().member(person);
            Map<String, Instant> stored = store.recordsOf(member.profile().userId());
            Store.missingIn(all(member, Instant.MIN), stored)
                    .forEach((key, version) -> differences.add("person " + person + " stored only: " + key));
            Instant from = stack.simulators().population().clock().instant().minus(FETCHED);
            Store.missingIn(stored, all(member, from))
                    .forEach((key, version) -> differences.add("person " + person + " at WHOOP only: " + key));
        }
        return shown(differences);
    }

    /** Days that health-api has not caught up with, in words. */
    List<String> daysBehind() {
        SortedSet<String> whoop = store.daysOfWhoop();
        SortedSet<String> health = store.daysOfHealth();
        List<String> behind = new ArrayList<>();
        difference(whoop, health).forEach(id -> behind.add("not in a day: " + id));
        difference(health, whoop).forEach(id -> behind.add("in a day, and gone: " + id));
        long stale = store.staleRecords();
        if (stale > 0) {
            behind.add(stale + " daily records older than their WHOOP day");
        }
        return shown(behind);
    }

    private static SortedSet<String> difference(SortedSet<String> from, SortedSet<String> without) {
        SortedSet<String> left = new TreeSet<>(from);
        left.removeAll(without);
        return left;
    }

    private static List<String> shown(List<String> all) {
        return all.size() <= MOST_SHOWN ? all : all.subList(0, MOST_SHOWN);
    }

    /** What WHOOP has of a member since then, by kind and key with its version. */
    private static Map<String, Instant> all(Member member, Instant from) {
        Map<String, Instant> records = new TreeMap<>();
        member.sleeps().stream()
                .filter(sleep -> !sleep.span().start().isBefore(from))
                .forEach(sleep -> records.put("sleep " + sleep.id(), sleep.updatedAt()));
        member.recoveries().stream()
                .filter(recovery -> !recovery.sleepStart().isBefore(from))
                .forEach(recovery -> records.put("recovery " + recovery.sleepId(), recovery.updatedAt()));
        member.workouts().stream()
                .filter(workout -> !workout.start().isBefore(from))
                .forEach(workout -> records.put("workout " + workout.id(), workout.updatedAt()));
        member.cycles().stream()
                .filter(cycle -> cycle.end() != null && !cycle.start().isBefore(from))
                .forEach(cycle -> records.put("cycle " + cycle.id(), cycle.updatedAt()));
        return records;
    }
}
