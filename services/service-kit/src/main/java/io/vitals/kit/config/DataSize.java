package io.vitals.kit.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes.
 *
 * @param bytes never negative
 */
public record DataSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB)?", Pattern.CASE_INSENSITIVE);

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is never negative");
        }
    }

    public static DataSize ofKibibytes(long kibibytes) {
        return new DataSize(kibibytes * 1024);
    }

    /**
     * Reads forms such as {@code 64KiB}, {@code 1 MiB} or {@code 512}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    public static DataSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size such as 64KiB");
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2).toLowerCase(Locale.ROOT);
        long factor = switch (unit) {
            case "kib" -> 1L << 10;
            case "mib" -> 1L << 20;
            case "gib" -> 1L << 30;
            default -> 1L;
        };
        return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), factor));
    }

    /** The size as an int, for interfaces that take one; larger sizes become {@link Integer#MAX_VALUE}. */
    public int clampedToInt() {
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }
}
