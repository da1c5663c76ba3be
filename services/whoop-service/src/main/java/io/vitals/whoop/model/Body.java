package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

/** Body measurements: metres, kilograms, beats per minute. */
public record Body(
        @Nullable Double heightMeter,
        @Nullable Double weightKilogram,
        @Nullable Double maxHeartRate) {}
