package io.vitals.health.sahha;

import java.time.Instant;
import java.time.LocalDate;

/**
 * The newest numeric biomarker of one type for a local day.
 *
 * @param amount in {@code unit}, as sent
 * @param unit Sahha's word for the unit; empty when none was sent
 * @param timezoneOffset the offset in which the day was counted, such as {@code +01:00}
 */
public record SahhaBiomarker(
        String id,
        String type,
        LocalDate date,
        double amount,
        String unit,
        Instant start,
        Instant end,
        String timezoneOffset,
        Instant fetchedAt) {}
