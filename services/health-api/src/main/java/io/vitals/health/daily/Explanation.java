package io.vitals.health.daily;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * Why a stored day says what it says: for each metric who could have given it, who did, and by which rule.
 *
 * @param version of the record that is explained
 * @param metrics by name, in the order of the record
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Explanation(
        LocalDate date,
        long version,
        String formulaVersion,
        Map<String, Choice> metrics,
        Overall overallScore,
        Night sleep,
        Sessions workouts) {

    /**
     * How one metric was chosen.
     *
     * @param winner the source that the value is from; null when there is no value
     * @param reason why there is no value; null when there is one
     * @param rule the rule for this metric, the same on every day
     * @param decision what the rule came to on this day
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Choice(
            @Nullable Double value,
            String unit,
            @Nullable String winner,
            @Nullable String reason,
            String rule,
            String decision,
            List<Candidate> candidates) {}

    /** What one source has; a source that does not know the metric is no candidate. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Candidate(
            String source,
            boolean connected,
            boolean chosen,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double value,

            @Nullable Instant observedAt,
            @Nullable Instant fetchedAt,
            @Nullable String recordId,
            @Nullable String state,
            @Nullable List<String> flags,
            @Nullable String reason) {}

    /** How the overall score was weighed; parts that are missing show what their weight would have been. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Overall(@Nullable Double value, String rule, String decision, List<Part> parts) {}

    /** {@code weight} is what it counted after the weights of the missing parts were shared out; 0 when it is missing. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Part(
            List<String> metrics,
            @Nullable String chosen,
            @Nullable Double value,
            double fullWeight,
            double weight) {}

    /** Which main sleep of the day is the primary one. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Night(String rule, @Nullable String primary, List<String> others, List<String> naps) {}

    /** Which sessions of the phone were left out as repetitions. */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Sessions(String rule, List<String> listed, List<Dropped> dropped) {}

    /** {@code coveredShare}: how much of the session lies within WHOOP's workouts, 0 to 1. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Dropped(String id, String source, double coveredShare) {}
}
