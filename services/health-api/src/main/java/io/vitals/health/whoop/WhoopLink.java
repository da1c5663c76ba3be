package io.vitals.health.whoop;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** The state of a member's WHOOP link, as whoop-service answers it. */
@JsonNaming(SnakeCaseStrategy.class)
public record WhoopLink(
        State state,
        @Nullable String reason,
        @Nullable Instant since,
        List<String> scopes,
        @Nullable String whoopUserIdMasked,
        @Nullable Instant lastWebhookAt,
        @Nullable Instant lastSyncAt,
        @Nullable Sync sync) {

    public WhoopLink {
        scopes = scopes == null ? List.of() : List.copyOf(scopes);
    }

    /** Life of a link. {@code NONE}: never linked. */
    public enum State {
        @JsonProperty("none")
        NONE,
        @JsonProperty("active")
        ACTIVE,
        @JsonProperty("refreshing")
        REFRESHING,
        @JsonProperty("refresh_failing")
        REFRESH_FAILING,
        @JsonProperty("reauth_required")
        REAUTH_REQUIRED,
        @JsonProperty("revoked")
        REVOKED;

        /** Whether data may still arrive over this link without the member doing anything. */
        public boolean connected() {
            return this == ACTIVE || this == REFRESHING || this == REFRESH_FAILING;
        }

        /** The name in JSON. */
        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** Progress of the sync; the days count from {@code from} to {@code to}, both inclusive. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Sync(
            String state,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            int daysTotal,
            int daysDone) {}
}
