package io.vitals.health.access;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** The tokens that a session stands for. */
record SessionTokens(
        @JsonProperty("access") String accessToken,
        @JsonProperty("refresh") @Nullable String refreshToken) {
    @Override
    public String toString() {
        return "SessionTokens[]";
    }
}
