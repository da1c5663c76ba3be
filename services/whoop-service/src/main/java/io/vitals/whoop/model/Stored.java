package io.vitals.whoop.model;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;

/**
 * A record as it lies in the store.
 *
 * @param day the local day it belongs to; null for a recovery whose sleep and cycle are both unknown yet
 */
public record Stored<T>(T record, @Nullable LocalDate day, Instant fetchedAt) {}
