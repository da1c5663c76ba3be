package io.vitals.kit.config;

import java.util.regex.Pattern;

/**
 * Where health and metrics are served.
 *
 * @param color side of a blue-green rollout that the process was started on, a label in metrics
 */
public record ManagementSettings(String host, int port, String color) {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,32}");

    public ManagementSettings {
        if (!LABEL.matcher(color).matches()) {
            throw new IllegalArgumentException("color is not 1 to 32 of a-z, 0-9 and -");
        }
    }

    public ManagementSettings(String host, int port) {
        this(host, port, "none");
    }
}
