package io.vitals.health.whoop;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/** What the browser brought back from WHOOP: a code or an error, and the session that it came with. */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LinkCallback(
        String state,
        String sessionBinding,
        @Nullable String code,
        @Nullable String error) {

    /** Never the code or the state. */
    @Override
    public String toString() {
        return "LinkCallback[]";
    }
}
