package io.vitals.health.whoop;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What became of a sync that was waited for.
 *
 * @param reason why it is put off, a code such as quota or rate_limited; null unless it is
 */
public record WhoopSync(State state, @Nullable String reason) {
    /** Whether whoop-service now has what WHOOP has. */
    public enum State {
        @JsonProperty("current")
        CURRENT,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("deferred")
        DEFERRED,
        /** There is no link to fetch over. */
        @JsonProperty("unlinked")
        UNLINKED
    }
}
