package io.vitals.loadtest.profile;

import io.vitals.kit.config.Settings;

import java.nio.file.Path;

/**
 * The limits of all kinds of requests.
 *
 * @param capacity what a step has to keep for any of its requests to count as held
 */
public record Thresholds(
        Threshold capacity,
        Threshold connect,
        Threshold connectionStatus,
        Threshold fallback,
        Threshold overview,
        Threshold readDays,
        Threshold refresh,
        Threshold webhook) {

    /**
     * Reads a file.
     *
     * @throws io.vitals.kit.config.ConfigException naming each key that is missing, unknown or of a wrong kind
     */
    public static Thresholds read(Path file) {
        return Settings.file(Thresholds.class, file);
    }

    /** Those of one kind. */
    public Threshold of(Request request) {
        return switch (request) {
            case READ_DAYS -> readDays;
            case OVERVIEW -> overview;
            case REFRESH -> refresh;
            case FALLBACK -> fallback;
            case CONNECT -> connect;
            case CONNECTION_STATUS -> connectionStatus;
            case WEBHOOK -> webhook;
        };
    }
}
