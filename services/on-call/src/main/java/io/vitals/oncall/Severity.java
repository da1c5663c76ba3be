package io.vitals.oncall;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.Locale;

/** The severities of alerts, the worst first. */
enum Severity {
    @JsonProperty("critical")
    CRITICAL,
    @JsonProperty("warning")
    WARNING,
    @JsonProperty("info")
    INFO,
    /** One that nobody knows, or none. */
    @JsonProperty("other")
    OTHER;

    static Severity of(String label) {
        return switch (label) {
            case "critical" -> CRITICAL;
            case "warning" -> WARNING;
            case "info" -> INFO;
            default -> OTHER;
        };
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
