package io.vitals.whoop.quota;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The budget and what was taken from it: the rules of the quota, without any database.
 *
 * <p>WHOOP counts a request when it arrives, we when it is granted. One that was under way for long may arrive together with much later ones,
 * so our windows are longer than WHOOP's by the longest time a call can take.
 *
 * @param lanes the requests of each lane, which are in {@code day} as well
 * @param minuteForeign what WHOOP counted in its minute beyond ours
 * @param blockedUntil WHOOP refused and named this time
 */
record Ledger(
        int minuteLimit,
        int dayLimit,
        Slots minute,
        Slots day,
        Map<Lane, Slots> lanes,
        Foreign minuteForeign,
        Foreign dayForeign,
        @Nullable Instant blockedUntil) {
    Ledger {
        lanes = Map.copyOf(lanes);
    }

    /** Requests made elsewhere with the same app that WHOOP has not told us of yet. */
    static final double SOFT_CAP = 0.95;

    static final Duration LONGEST_CALL = Duration.ofSeconds(5);
    static final Duration MINUTE = Duration.ofMinutes(1);
    static final Duration DAY = Duration.ofDays(1);
    static final Duration MINUTE_SLOT = Duration.ofSeconds(1);
    static final Duration DAY_SLOT = Duration.ofMinutes(10);
    static final Duration OUR_MINUTE = MINUTE.plus(LONGEST_CALL);

    /** WHOOP names the end of its window in whole seconds. */
    private static final Duration UNSHARP = Duration.ofSeconds(2);

    /** Else many new members in the morning use up history's share of the day at once, and whoever connects later waits until tomorrow. */
    private static final int HOURS_FOR_HISTORY = 4;

    /** Requests that others made with the same app, as long as WHOOP's window lasts. */
    record Foreign(int count, Instant until) {
        static final Foreign NONE = new Foreign(0, Instant.EPOCH);

        Foreign at(Instant now) {
            return now.isBefore(until) ? this : NONE;
        }
    }

    /** What came of asking: the ledger after it, and how long to stay away if nothing was granted. */
    record Verdict(Ledger ledger, boolean granted, Duration pause) {}

    static Ledger fresh(int minuteLimit, int dayLimit) {
        return new Ledger(
                minuteLimit,
                dayLimit,
                Slots.empty(MINUTE_SLOT, OUR_MINUTE),
                Slots.empty(DAY_SLOT, ourDay()),
                Map.of(),
                Foreign.NONE,
                Foreign.NONE,
                null);
    }

    /** One slot more than a day is also longer than a day by more than a call can take. */
    static Duration ourDay() {
        return DAY.plus(DAY_SLOT);
    }

    Ledger at(Instant now) {
        return new Ledger(
                minuteLimit,
                dayLimit,
                minute.at(now),
                day.at(now),
                lanesAt(now),
                minuteForeign.at(now),
                dayForeign.at(now),
                blockedUntil == null || now.isBefore(blockedUntil) ? blockedUntil : null);
    }

    private Map<Lane, Slots> lanesAt(Instant now) {
        return lanes.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, lane -> lane.getValue().at(now)));
    }

    /** The lane's requests of the last day. */
    Slots of(Lane lane) {
        return lanes.getOrDefault(lane, Slots.empty(DAY_SLOT, ourDay()));
    }

    int minuteUsed() {
        return minute.total() + minuteForeign.count();
    }

    int dayUsed() {
        return day.total() + dayForeign.count();
    }

    /** Requests of the last day that members cause every day, without the fetching of history. */
    int regular() {
        return day.total() - of(Lane.BACKFILL).total();
    }

    Verdict take(Lane lane, Instant now) {
        Ledger present = at(now);
        List<Instant> obstacles = present.obstacles(lane);
        if (obstacles.isEmpty()) {
            return new Verdict(present.counted(lane), true, Duration.ZERO);
        }
        Instant free = obstacles.stream().max(Instant::compareTo).orElseThrow();
        Duration wait = Duration.between(now, free);
        return new Verdict(present, false, wait.isNegative() ? Duration.ZERO : wait);
    }

    /** What stands against a request, each with the time when it no longer does. */
    private List<Instant> obstacles(Lane lane) {
        List<Instant> obstacles = new ArrayList<>();
        if (blockedUntil != null) {
            obstacles.add(blockedUntil);
        }
        add(obstacles, minute, minuteForeign, allowance(minuteLimit, lane));
        add(obstacles, day, dayForeign, allowance(dayLimit, lane));
        if (lane == Lane.BACKFILL) {
            int hourly = Math.ceilDiv(allowance(dayLimit, lane), HOURS_FOR_HISTORY);
            add(obstacles, of(Lane.BACKFILL).narrowed(Duration.ofHours(1)), Foreign.NONE, hourly);
        }
        return obstacles;
    }

    private static void add(List<Instant> obstacles, Slots window, Foreign foreign, int allowance) {
        if (window.total() + foreign.count() < allowance) {
            return;
        }
        Instant withoutForeign = later(foreign.until(), window.below(allowance));
        Instant free = foreign.count() < allowance
                ? earlier(window.below(allowance - foreign.count()), withoutForeign)
                : withoutForeign;
        obstacles.add(free);
    }

    static int allowance(int limit, Lane lane) {
        return Math.max(1, (int) Math.floor(limit * SOFT_CAP * lane.share()));
    }

    private Ledger counted(Lane lane) {
        Map<Lane, Slots> counted = new EnumMap<>(Lane.class);
        counted.putAll(lanes);
        // A lane that was never counted begins in the slot of the whole.
        counted.put(lane, new Slots(DAY_SLOT, ourDay(), day.head(), of(lane).counts()).plusOne());
        return new Ledger(
                minuteLimit,
                dayLimit,
                minute.plusOne(),
                day.plusOne(),
                counted,
                minuteForeign,
                dayForeign,
                blockedUntil);
    }

    /** Learns both limits, and of the window nearest to exhaustion how much more WHOOP has counted than we made. */
    Ledger observe(RateHeaders rate, Instant now) {
        Ledger present = at(now);
        Foreign newMinute = present.minuteForeign;
        Foreign newDay = present.dayForeign;
        if (rate.remaining().isPresent() && rate.reset().isPresent()) {
            int remaining = rate.remaining().getAsInt();
            Instant end = now.plus(rate.reset().get());
            if (rate.minuteIsNearest() && rate.minuteLimit().isPresent()) {
                int whoops = rate.minuteLimit().getAsInt() - remaining;
                newMinute = foreign(whoops, present.minute, end, MINUTE);
            } else if (!rate.minuteIsNearest() && rate.dayLimit().isPresent()) {
                int whoops = rate.dayLimit().getAsInt() - remaining;
                newDay = foreign(whoops, present.day, end, DAY);
            }
        }
        return new Ledger(
                rate.minuteLimit().orElse(minuteLimit),
                rate.dayLimit().orElse(dayLimit),
                present.minute,
                present.day,
                present.lanes,
                newMinute,
                newDay,
                present.blockedUntil);
    }

    private static Foreign foreign(int whoops, Slots ours, Instant end, Duration window) {
        // Ours may have been under way when WHOOP's window began.
        Instant begin = end.minus(window).minus(LONGEST_CALL).minus(UNSHARP);
        int more = whoops - ours.since(begin);
        return more > 0 ? new Foreign(more, end) : Foreign.NONE;
    }

    Ledger blocked(Instant until) {
        return new Ledger(
                minuteLimit,
                dayLimit,
                minute,
                day,
                lanes,
                minuteForeign,
                dayForeign,
                blockedUntil == null ? until : later(blockedUntil, until));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
