package io.vitals.gitops.apps;

import java.math.BigDecimal;
import java.util.Map;

/** Amounts as Kubernetes writes them. */
final class Quantity {
    private static final Map<String, BigDecimal> UNITS = Map.of(
            "m", new BigDecimal("0.001"),
            "Ki", BigDecimal.valueOf(1L << 10),
            "Mi", BigDecimal.valueOf(1L << 20),
            "Gi", BigDecimal.valueOf(1L << 30));

    private Quantity() {}

    static BigDecimal of(String text) {
        int digits = 0;
        while (digits < text.length() && (Character.isDigit(text.charAt(digits)) || text.charAt(digits) == '.')) {
            digits++;
        }
        var value = new BigDecimal(text.substring(0, digits));
        String unit = text.substring(digits);
        if (unit.isEmpty()) {
            return value;
        }
        BigDecimal factor = UNITS.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException("not an amount: " + text);
        }
        return value.multiply(factor);
    }
}
