package io.vitals.whoop.records;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;

/**
 * What became of a batch.
 *
 * @param unchanged already stored in this or a newer version, or deleted since
 * @param failed could not be read; kept aside with key and reason
 * @param oldestDay the earliest local day among the batch's records; null for none
 */
public record StoreResult(
        int inserted,
        int updated,
        int unchanged,
        int failed,
        @Nullable LocalDate oldestDay) {}
