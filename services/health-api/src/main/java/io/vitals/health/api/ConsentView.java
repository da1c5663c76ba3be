package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.vitals.health.privacy.Consents;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/** A consent in JSON: version and time only when granted. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConsentView(
        boolean granted, @Nullable String version, @Nullable Instant at) {

    record All(@JsonProperty("health_data") ConsentView healthData) {}

    static All of(Consents consents, UUID member) {
        return new All(consents.newest(member, Consents.Purpose.HEALTH_DATA)
                .filter(Consents.Decision::granted)
                .map(decision -> new ConsentView(true, decision.version(), decision.at()))
                .orElseGet(() -> new ConsentView(false, null, null)));
    }
}
