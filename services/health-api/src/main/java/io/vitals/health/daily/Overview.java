package io.vitals.health.daily;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** The compact summary of one day, in the shape of the first entry point: four scores from 0 to 100. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Overview(
        LocalDate date,
        Score readiness,
        Score activity,
        Score sleep,
        Score mentalWellbeing,
        @Nullable WhoopData whoopData,
        List<String> dataSources,
        boolean enhancedWithWhoop,
        ProcessingStats processingStats,
        @JsonIgnore Freshness freshness) {

    /**
     * One score.
     *
     * @param source whoop or sahha; null when there is no score
     * @param state the source's own word for it (high, SCORED …); null when there is no score
     * @param reason why there is none; null when there is one
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Score(
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double score,

            @Nullable String source,
            @Nullable String state,
            @Nullable String reason) {}

    /** What the strap adds; every field null when WHOOP has no value for it. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record WhoopData(
            @Nullable Double recoveryScore,
            @Nullable Double strain,
            @Nullable Double sleepPerformance,
            @Nullable Double hrvRmssd,
            @Nullable Double restingHr,
            @Nullable Double spo2,
            @Nullable Double skinTemp,
            @Nullable Double respiratoryRate,
            @Nullable Double energyTotal) {}

    /**
     * How the answer was made.
     *
     * @param stale a connected source could not be asked lately
     * @param refreshedAt when this day was last refreshed on demand; null when it was not, or long ago
     * @param sahha what became of asking Sahha then: refreshed, not_connected, slow or down
     * @param whoop what became of asking WHOOP then: also reauth_required or quota
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ProcessingStats(
            long durationMs,
            boolean stale,
            @Nullable Instant refreshedAt,
            @Nullable String sahha,
            @Nullable String whoop) {}
}
