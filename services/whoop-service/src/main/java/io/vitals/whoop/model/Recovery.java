package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/** The recovery after one main sleep. WHOOP gives it no id of its own: its sleep names it. */
public record Recovery(
        long cycleId,
        UUID sleepId,
        ScoreState state,
        @Nullable Boolean userCalibrating,
        @Nullable Double recoveryScore,
        @Nullable Double restingHeartRate,
        @Nullable Double hrvRmssdMilli,
        @Nullable Double spo2Percentage,
        @Nullable Double skinTempCelsius,
        Instant createdAt,
        Instant updatedAt)
        implements WhoopRecord {
    @Override
    public RecordType type() {
        return RecordType.RECOVERY;
    }

    @Override
    public String key() {
        return sleepId.toString();
    }
}
