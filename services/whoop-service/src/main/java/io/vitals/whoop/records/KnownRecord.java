package io.vitals.whoop.records;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * A stored record by name.
 *
 * @param cycleId the cycle of a sleep or recovery
 */
public record KnownRecord(
        String key, Instant updatedAt, @Nullable Long cycleId) {}
