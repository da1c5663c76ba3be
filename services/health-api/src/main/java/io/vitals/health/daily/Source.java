package io.vitals.health.daily;

import java.util.Locale;

/** Who says it. */
enum Source {
    WHOOP,
    SAHHA;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
