package io.vitals.sandbox.member;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A sleep or nap as the strap's maker knows it now; the score is present exactly when {@code state} is SCORED. */
public record Sleep(
        UUID id,
        long cycleId,
        SleepSpan span,
        ScoreState state,
        @Nullable Score score,
        Instant createdAt,
        Instant updatedAt) {

    /** Need in parts (that of naps is zero or less) and percentages 0–100. */
    public record Score(
            int sleepCycles,
            Duration needBaseline,
            Duration needFromDebt,
            Duration needFromStrain,
            Duration needFromNaps,
            double respiratoryRate,
            double performance,
            double consistency,
            double efficiency) {}
}
