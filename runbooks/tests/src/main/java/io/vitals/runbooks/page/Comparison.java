package io.vitals.runbooks.page;

import java.util.Optional;
import java.util.regex.Pattern;

/** What a number has to be. */
public record Comparison(String operator, double number) {
    private static final Pattern TEXT = Pattern.compile("(>=|<=|!=|==?|>|<)(-?\\d{1,15}(?:\\.\\d{1,9})?)");

    /** The first of two equals signs parts the key from the value, so that one is left. */
    static Optional<Comparison> parse(String text) {
        var parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new Comparison(parts.group(1).replace("==", "="), Double.parseDouble(parts.group(2))))
                : Optional.empty();
    }

    /** Of what is no number nothing holds. */
    public boolean holds(double value) {
        if (Double.isNaN(value)) {
            return false;
        }
        int compared = Double.compare(value, number);
        return switch (operator) {
            case ">=" -> compared >= 0;
            case "<=" -> compared <= 0;
            case ">" -> compared > 0;
            case "<" -> compared < 0;
            case "!=" -> compared != 0;
            default -> compared == 0;
        };
    }

    @Override
    public String toString() {
        return operator + (number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number));
    }
}
