package io.vitals.sandbox.member;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Rounding that gives the same digits everywhere. */
final class Round {
    private Round() {}

    static double to(int digits, double number) {
        return BigDecimal.valueOf(number)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .doubleValue();
    }
}
