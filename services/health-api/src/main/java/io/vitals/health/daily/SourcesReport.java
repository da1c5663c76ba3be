package io.vitals.health.daily;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What is connected, fresh, missing and recommended. */
@JsonNaming(SnakeCaseStrategy.class)
public record SourcesReport(List<Source> sources) {

    /**
     * One source.
     *
     * @param state WHOOP: the link state; Sahha: none, registering, active or failing
     * @param metrics metric names seen from it in the last 14 days
     * @param missing metric names it should bring but has not in that time
     * @param recommendation what the member can do about it, in plain words; null when nothing is to be done
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Source(
            String source,
            boolean connected,
            String state,
            @Nullable Instant lastDataAt,
            boolean stale,
            List<String> metrics,
            List<String> missing,
            @Nullable String recommendation) {}
}
