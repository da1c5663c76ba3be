package io.vitals.health.daily;

import java.util.Locale;
import java.util.OptionalDouble;

/** From Sahha's units to ours. An unknown unit gives nothing: a wrong number is worse than none. */
final class SahhaUnits {
    private static final double GRAM_PER_POUND = 453.59237;

    private SahhaUnits() {}

    static OptionalDouble convert(double amount, String sahhaUnit, Unit to) {
        if (!Double.isFinite(amount)) {
            return OptionalDouble.empty();
        }
        String from = sahhaUnit.strip().toLowerCase(Locale.ROOT);
        return switch (to) {
            case PERCENT -> percent(amount);
            case MINUTE -> minutes(amount, from);
            case METER -> meters(amount, from);
            case KILOGRAM -> kilograms(amount, from);
            case KCAL -> energy(amount, from);
            case MS -> from.equals("s") || from.equals("second") ? OptionalDouble.of(amount * 1000) : same(amount);
            case BPM, PER_MINUTE, COUNT, CELSIUS, STRAIN -> same(amount);
        };
    }

    /** A ratio and a percentage are both in use, whatever the unit says: what is not above 1 is a ratio. */
    private static OptionalDouble percent(double amount) {
        double percent = amount <= 1 ? amount * 100 : amount;
        return percent < 0 || percent > 100 ? OptionalDouble.empty() : OptionalDouble.of(percent);
    }

    private static OptionalDouble minutes(double amount, String from) {
        return switch (from) {
            case "", "minute", "minutes", "min" -> same(amount);
            case "hour", "hours", "h" -> OptionalDouble.of(amount * 60);
            case "second", "seconds", "s" -> OptionalDouble.of(amount / 60);
            case "millisecond", "milliseconds", "ms" -> OptionalDouble.of(amount / 60_000);
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble meters(double amount, String from) {
        return switch (from) {
            case "m", "meter", "meters", "metre" -> same(amount);
            case "cm", "centimeter", "centimetre" -> OptionalDouble.of(amount / 100);
            case "in", "inch" -> OptionalDouble.of(amount * 0.0254);
            // Nobody is three metres tall and nobody measures less than three centimetres.
            case "" -> amount > 3 ? OptionalDouble.of(amount / 100) : same(amount);
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble kilograms(double amount, String from) {
        return switch (from) {
            case "", "kg", "kilogram", "kilograms" -> same(amount);
            case "g", "gram", "grams" -> OptionalDouble.of(amount / 1000);
            case "lb", "lbs", "pound", "pounds" -> OptionalDouble.of(amount * GRAM_PER_POUND / 1000);
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble energy(double amount, String from) {
        return switch (from) {
            case "", "kcal", "kilocalorie", "kilocalories", "calorie", "calories" -> same(amount);
            case "kj", "kilojoule", "kilojoules" -> OptionalDouble.of(Quantity.kcalOfKilojoule(amount));
            default -> OptionalDouble.empty();
        };
    }

    private static OptionalDouble same(double amount) {
        return OptionalDouble.of(amount);
    }
}
