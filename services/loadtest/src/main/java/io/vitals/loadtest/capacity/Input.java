package io.vitals.loadtest.capacity;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * A figure that the model is made of.
 *
 * @param value NaN if it has to be given
 * @param least less is a slip of the pen
 * @param most more is one too
 * @param origin where it was measured, or what it was taken from
 */
record Input(String name, double value, String unit, double least, double most, Origin origin) {
    /** What a figure rests on. */
    sealed interface Origin {
        /** A command at a commit; the remark says what was otherwise than it should be, and is empty if nothing was. */
        record Measured(String command, String commit, String remark) implements Origin {}

        /** A page, a file or a class that says so. */
        record Documented(String source) implements Origin {}

        /** Nobody knows; why it is thought to be so. */
        record Assumed(String reason) implements Origin {}
    }

    Input {
        if (!Double.isNaN(value) && (value < least || value > most)) {
            throw new IllegalArgumentException("%s is not between %s and %s %s: %s"
                    .formatted(name, plain(least), plain(most), unit, plain(value)));
        }
    }

    boolean isThere() {
        return !Double.isNaN(value);
    }

    /** The same figure with another value, as it was written. */
    Input with(String text) {
        double given;
        try {
            given = new BigDecimal(text).doubleValue();
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(name + " is not a number: " + text);
        }
        return new Input(name, given, unit, least, most, new Origin.Assumed("given"));
    }

    static String plain(double value) {
        return Double.isInfinite(value) || Double.isNaN(value)
                ? String.valueOf(value)
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString().toLowerCase(Locale.ROOT);
    }
}
