package io.vitals.health.whoop;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

import java.net.URI;
import java.time.Instant;

/** Where the browser must go to consent at WHOOP, and until when that is of use. */
@JsonNaming(SnakeCaseStrategy.class)
public record LinkStart(URI authorizationUrl, Instant expiresAt) {}
