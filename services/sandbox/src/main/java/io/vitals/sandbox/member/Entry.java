package io.vitals.sandbox.member;

import io.vitals.sandbox.member.DayPlan.Session;
import io.vitals.sandbox.member.DayPlan.Span;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

/** A line of a history with the instants at which it becomes visible, gets its score and goes away. */
sealed interface Entry {
    UUID id();

    Span span();

    Instant visibleAt();

    Instant scoredAt();

    @Nullable
    Instant deletedAt();

    Entry deleted(Instant at);

    Entry scored(Instant at);

    default boolean visible(Instant now) {
        Instant gone = deletedAt();
        return !visibleAt().isAfter(now) && (gone == null || gone.isAfter(now));
    }

    default ScoreState state(Instant now, boolean unscorable) {
        if (scoredAt().isAfter(now)) {
            return ScoreState.PENDING_SCORE;
        }
        return unscorable ? ScoreState.UNSCORABLE : ScoreState.SCORED;
    }

    default Instant updatedAt(Instant now) {
        return scoredAt().isAfter(now) ? visibleAt() : scoredAt();
    }

    /** A sleep before it is measured: the measures need the day before. */
    record Rest(
            UUID id,
            long cycle,
            Span span,
            ZoneOffset offset,
            LocalDate date,
            boolean nap,
            boolean unscorable,
            boolean zeroRecovery,
            long key,
            Instant visibleAt,
            Instant scoredAt,
            @Nullable Instant deletedAt)
            implements Entry {

        @Override
        public Rest deleted(Instant at) {
            return new Rest(id, cycle, span, offset, date, nap, unscorable, zeroRecovery, key, visibleAt, scoredAt, at);
        }

        @Override
        public Rest scored(Instant at) {
            return new Rest(
                    id, cycle, span, offset, date, nap, unscorable, zeroRecovery, key, visibleAt, at, deletedAt);
        }

        Rest inCycle(long other) {
            return new Rest(
                    id, other, span, offset, date, nap, unscorable, zeroRecovery, key, visibleAt, scoredAt, deletedAt);
        }
    }

    /** A workout. */
    record Training(
            UUID id,
            Session session,
            ZoneOffset offset,
            long key,
            Instant visibleAt,
            Instant scoredAt,
            @Nullable Instant deletedAt)
            implements Entry {

        @Override
        public Span span() {
            return session.span();
        }

        @Override
        public Training deleted(Instant at) {
            return new Training(id, session, offset, key, visibleAt, scoredAt, at);
        }

        @Override
        public Training scored(Instant at) {
            return new Training(id, session, offset, key, visibleAt, at, deletedAt);
        }
    }
}
