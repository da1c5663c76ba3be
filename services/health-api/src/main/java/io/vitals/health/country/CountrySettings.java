package io.vitals.health.country;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which countries may use the public listener; off unless there is a list.
 *
 * @param allow the only countries that may, as two letters of ISO 3166; who comes from nowhere known may not
 * @param deny countries that may not; who comes from nowhere known may
 * @param header in which the gateway says the country; only a trusted proxy is believed
 * @param database MaxMind file with countries by address, read at the start
 */
public record CountrySettings(List<String> allow, List<String> deny, Optional<String> header, Optional<Path> database) {
    private static final Pattern HEADER = Pattern.compile("[A-Za-z][A-Za-z0-9-]{0,63}");
    private static final Set<String> KNOWN = Set.of(Locale.getISOCountries());

    /** No rule. */
    public static final CountrySettings OFF =
            new CountrySettings(List.of(), List.of(), Optional.empty(), Optional.empty());

    public CountrySettings {
        allow = List.copyOf(allow);
        deny = List.copyOf(deny);
        check("allow", allow);
        check("deny", deny);
        boolean listed = !allow.isEmpty() || !deny.isEmpty();
        if (!allow.isEmpty() && !deny.isEmpty()) {
            throw new IllegalArgumentException("country.allow and country.deny exclude each other");
        }
        if (header.isPresent() && database.isPresent()) {
            throw new IllegalArgumentException("country.header and country.database exclude each other");
        }
        if (listed && header.isEmpty() && database.isEmpty()) {
            throw new IllegalArgumentException(
                    "country has a list, but neither header nor database says who comes from where");
        }
        if (!listed && (header.isPresent() || database.isPresent())) {
            throw new IllegalArgumentException("country has a header or database, but neither allow nor deny");
        }
        if (header.filter(name -> !HEADER.matcher(name).matches()).isPresent()) {
            throw new IllegalArgumentException("country.header is not the name of a header");
        }
    }

    private static void check(String key, List<String> countries) {
        if (!KNOWN.containsAll(countries)) {
            throw new IllegalArgumentException("country." + key + " holds what is not two capital letters of ISO 3166");
        }
    }

    /** Whether there is a rule. */
    public boolean on() {
        return !allow.isEmpty() || !deny.isEmpty();
    }

    /** Whether somebody may who comes from there; empty is nowhere known. */
    boolean admits(Optional<String> country) {
        return allow.isEmpty()
                ? country.filter(deny::contains).isEmpty()
                : country.filter(allow::contains).isPresent();
    }
}
