package io.vitals.health.daily;

import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.health.whoop.WhoopDay;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Reads single metrics out of a WHOOP day. Only SCORED records count; a state we do not know is a pending one. */
final class WhoopReadings {
    private static final String UNSCORABLE = "UNSCORABLE";

    private final @Nullable WhoopDay day;
    private final Optional<WhoopDay.Sleep> primarySleep;

    WhoopReadings(@Nullable WhoopDay day) {
        this.day = day;
        this.primarySleep = day == null ? Optional.empty() : SleepTimes.primary(day);
    }

    MetricValue read(Metric metric) {
        WhoopRule rule = metric.whoop();
        WhoopDay from = day;
        if (rule == null || from == null) {
            return MetricValue.absent(Reason.NO_RECORD);
        }
        return switch (rule) {
            case WhoopRule.OfRecovery of -> recovery(metric, of, from.recovery());
            case WhoopRule.OfSleep of -> sleep(metric, of);
            case WhoopRule.OfCycle of -> cycle(metric, of, from.cycle());
            case WhoopRule.OfBody of -> body(metric, of, from.body());
        };
    }

    /** Whether some record of the day still waits for its score. */
    boolean pending() {
        WhoopDay from = day;
        if (from == null) {
            return false;
        }
        WhoopDay.Cycle cycle = from.cycle();
        WhoopDay.Recovery recovery = from.recovery();
        return (cycle != null && waits(cycle.scoreState()))
                || (recovery != null && waits(recovery.scoreState()))
                || from.sleeps().stream().anyMatch(sleep -> waits(sleep.scoreState()))
                || from.workouts().stream().anyMatch(workout -> waits(workout.scoreState()));
    }

    private MetricValue recovery(Metric metric, WhoopRule.OfRecovery rule, WhoopDay.@Nullable Recovery recovery) {
        if (recovery == null) {
            return none("recovery");
        }
        Set<Flag> flags = Boolean.TRUE.equals(recovery.userCalibrating()) ? Set.of(Flag.CALIBRATING) : Set.<Flag>of();
        return value(
                metric,
                recovery.scoreState(),
                rule.amount().apply(recovery),
                wakeTime(recovery),
                recovery.fetchedAt(),
                recovery.sleepId(),
                flags);
    }

    /** Why there is no record of the kind, which the day tells by the name that it has at WHOOP. */
    private MetricValue none(String kind) {
        WhoopDay from = day;
        return MetricValue.absent(from != null && from.deleted().contains(kind) ? Reason.DELETED : Reason.NO_RECORD);
    }

    /** A recovery has no time of its own: it is measured over the sleep that it follows. */
    private Instant wakeTime(WhoopDay.Recovery recovery) {
        WhoopDay from = day;
        return from == null
                ? recovery.updatedAt()
                : from.sleeps().stream()
                        .filter(sleep -> sleep.id().equals(recovery.sleepId()))
                        .map(WhoopDay.Sleep::end)
                        .findFirst()
                        .orElse(recovery.updatedAt());
    }

    private MetricValue sleep(Metric metric, WhoopRule.OfSleep rule) {
        if (primarySleep.isEmpty()) {
            return none("sleep");
        }
        WhoopDay.Sleep sleep = primarySleep.get();
        return value(
                metric,
                sleep.scoreState(),
                rule.amount().apply(sleep),
                sleep.end(),
                sleep.fetchedAt(),
                sleep.id(),
                Set.of());
    }

    private MetricValue cycle(Metric metric, WhoopRule.OfCycle rule, WhoopDay.@Nullable Cycle cycle) {
        if (cycle == null) {
            return none("cycle");
        }
        Set<Flag> flags = EnumSet.noneOf(Flag.class);
        Instant end = cycle.end();
        if (end == null) {
            flags.add(Flag.PROVISIONAL);
        }
        if (cycle.multiDay()) {
            flags.add(Flag.PARTIAL);
        }
        return value(
                metric,
                cycle.scoreState(),
                rule.amount().apply(cycle),
                end == null ? cycle.updatedAt() : end,
                cycle.fetchedAt(),
                Long.toString(cycle.id()),
                flags);
    }

    /** Body measurements carry no score and no id. */
    private static MetricValue body(Metric metric, WhoopRule.OfBody rule, WhoopDay.@Nullable Body body) {
        return body == null
                ? MetricValue.absent(Reason.NO_RECORD)
                : value(
                        metric,
                        SleepTimes.SCORED,
                        rule.amount().apply(body),
                        body.fetchedAt(),
                        body.fetchedAt(),
                        "body",
                        Set.of());
    }

    private static MetricValue value(
            Metric metric,
            String state,
            @Nullable Double amount,
            Instant observedAt,
            Instant fetchedAt,
            String recordId,
            Set<Flag> flags) {
        if (waits(state)) {
            return MetricValue.absent(Reason.PENDING_SCORE);
        }
        if (UNSCORABLE.equals(state)) {
            return MetricValue.absent(Reason.UNSCORABLE);
        }
        if (amount == null || !Double.isFinite(amount)) {
            return MetricValue.absent(Reason.NOT_MEASURED);
        }
        return new Reading(
                new Quantity(amount, metric.unit()), Source.WHOOP, observedAt, fetchedAt, recordId, state, flags);
    }

    private static boolean waits(String state) {
        return !SleepTimes.SCORED.equals(state) && !UNSCORABLE.equals(state);
    }
}
