package io.vitals.health.daily;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** An amount with its unit. Finite, and kept to four decimals: no source measures finer. */
record Quantity(double amount, Unit unit) {
    /** WHOOP counts energy in kilojoule; one thermochemical kilocalorie is 4.184 kJ. */
    private static final double KILOJOULE_PER_KCAL = 4.184;

    private static final double MILLIS_PER_MINUTE = 60_000;

    Quantity {
        if (!Double.isFinite(amount)) {
            throw new IllegalArgumentException("not a finite amount");
        }
        // -0.0 would be written as such.
        amount = BigDecimal.valueOf(amount).setScale(4, RoundingMode.HALF_EVEN).doubleValue() + 0.0;
    }

    static double kcalOfKilojoule(double kilojoule) {
        return kilojoule / KILOJOULE_PER_KCAL;
    }

    static double minutesOfMillis(long millis) {
        return millis / MILLIS_PER_MINUTE;
    }
}
