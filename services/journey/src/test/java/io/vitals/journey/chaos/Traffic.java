package io.vitals.journey.chaos;

import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.member.Workout;
import io.vitals.sandbox.whoop.WhoopControl;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Makes webhooks by the seed: every tenth tells of something that really happens to a member (naps, late scores,
 * deletions, nights detected anew), the others are told again of what there is.
 */
final class Traffic {
    /** As WHOOP's queue towards us may hold; more would all fail in one outage and be given up together. */
    private static final int MOST_OPEN = 120;

    private static final Duration RECENT = Duration.ofDays(25);

    private final WhoopControl whoop;
    private final List<Integer> people;
    private final DeliveryHistory history;
    private final Random random;
    private final Set<Hint> edited = new TreeSet<>();

    private record Hint(long userId, String type, UUID record) implements Comparable<Hint> {
        @Override
        public int compareTo(Hint other) {
            return toString().compareTo(other.toString());
        }
    }

    Traffic(Stack stack, Set<Integer> people, DeliveryHistory history, long seed) {
        this.whoop = stack.simulators().whoop().control();
        this.people = people.stream().sorted().toList();
        this.history = history;
        this.random = new Random(seed);
    }

    /** Goes on until so many events have been accepted; what the sender gave up does not count. */
    void send(int events) {
        while (history.awaitRoom(MOST_OPEN, events, KillAnywhereTest.PATIENCE)) {
            int person = people.get(random.nextInt(people.size()));
            if (random.nextInt(20) == 0) {
                happen(person);
            } else {
                remind(person);
            }
        }
    }

    /** Sends so many more events that only tell again of what is there already. */
    void sendReminders(int events) {
        for (int i = 0; i < events; i++) {
            history.awaitOpenAtMost(MOST_OPEN, KillAnywhereTest.PATIENCE);
            remind(people.get(random.nextInt(people.size())));
        }
    }

    /** Tells of everything that happened once more: what the sender gave up was nobody's to keep. */
    void retell() {
        for (Hint hint : edited) {
            history.awaitOpenAtMost(MOST_OPEN, KillAnywhereTest.PATIENCE);
            whoop.sendEvent(hint.userId, hint.record, hint.type, trace());
        }
    }

    private void happen(int person) {
        Member member = whoop.people().member(person);
        long user = member.profile().userId();
        switch (random.nextInt(6)) {
            case 0 -> {
                Sleep night = whoop.newSleep(person).sleep();
                edited.add(new Hint(user, "sleep.updated", night.id()));
                edited.add(new Hint(user, "recovery.updated", night.id()));
            }
            case 1 -> {
                List<Workout> workouts = recentWorkouts(member);
                if (!workouts.isEmpty()) {
                    UUID gone = any(workouts).id();
                    whoop.delete(person, gone);
                    edited.add(new Hint(user, "workout.deleted", gone));
                }
            }
            case 2 -> {
                Sleep gone = any(recentSleeps(member));
                whoop.delete(person, gone.id());
                edited.add(new Hint(user, "sleep.deleted", gone.id()));
                if (!gone.span().nap()) {
                    edited.add(new Hint(user, "recovery.deleted", gone.id()));
                }
            }
            case 3 -> whoop.scorePending(person);
            default -> {
                // A nap is told of twice, the second time when it has its score.
                Instant end = whoop.people().clock().instant().minus(Duration.ofMinutes(random.nextInt(1, 28_000)));
                Instant start = end.minus(Duration.ofMinutes(random.nextInt(15, 80)));
                Duration pending = random.nextBoolean() ? Duration.ofDays(1) : Duration.ZERO;
                Sleep nap = whoop.newSleep(person, start, end, true, pending);
                edited.add(new Hint(user, "sleep.updated", nap.id()));
            }
        }
    }

    private void remind(int person) {
        Member member = whoop.people().member(person);
        long user = member.profile().userId();
        List<Workout> workouts = recentWorkouts(member);
        if (!workouts.isEmpty() && random.nextInt(3) == 0) {
            whoop.sendEvent(user, any(workouts).id(), "workout.updated", trace());
            return;
        }
        Sleep sleep = any(recentSleeps(member));
        String type = sleep.span().nap() || random.nextBoolean() ? "sleep.updated" : "recovery.updated";
        whoop.sendEvent(user, sleep.id(), type, trace());
    }

    private List<Sleep> recentSleeps(Member member) {
        Instant from = whoop.people().clock().instant().minus(RECENT);
        return member.sleeps().stream()
                .filter(sleep -> sleep.span().start().isAfter(from))
                .toList();
    }

    private List<Workout> recentWorkouts(Member member) {
        Instant from = whoop.people().clock().instant().minus(RECENT);
        return member.workouts().stream()
                .filter(workout -> workout.start().isAfter(from))
                .toList();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private UUID trace() {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
