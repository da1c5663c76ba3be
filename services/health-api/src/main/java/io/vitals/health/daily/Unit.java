package io.vitals.health.daily;

import java.util.Locale;

/** The units of the daily record, by the names it writes. */
enum Unit {
    PERCENT,
    BPM,
    MS,
    CELSIUS,
    PER_MINUTE,
    MINUTE,
    STRAIN,
    KCAL,
    COUNT,
    METER,
    KILOGRAM;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
