package io.vitals.oncall;

import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.ManagementSettings;
import io.vitals.kit.config.Secret;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything on-call can be told. Defaults are in application.yaml.
 *
 * @param drain how long it stays up unready before it stops
 */
record OnCallSettings(
        Duration drain,
        ListenerSettings api,
        ManagementSettings management,
        Notifications notifications,
        Acknowledgements acknowledgements,
        Keeping incidents) {
    private static final int SHORTEST_SECRET = 32;

    /**
     * What Alertmanager sends.
     *
     * @param credential its bearer token, by which incidents are read too
     * @param maxBody of every request
     */
    record Notifications(Secret credential, DataSize maxBody) {
        Notifications {
            longEnough(credential, "credential-file");
        }
    }

    /**
     * What whoever answers sends.
     *
     * @param key signs it
     * @param window how far a signature's time may be from ours
     */
    record Acknowledgements(Secret key, Duration window) {
        Acknowledgements {
            longEnough(key, "key-file");
            if (!window.isPositive()) {
                throw new IllegalArgumentException("window must be longer than nothing");
            }
        }
    }

    /**
     * How incidents are kept.
     *
     * @param retention of one that is over
     * @param settle after an alert's end, how long news of the same alert may be old news
     * @param maxAlerts listed of an incident; of more, there is only the number
     * @param maxEntries of its timeline; the same
     */
    record Keeping(Path directory, Duration retention, Duration settle, int maxAlerts, int maxEntries) {
        Keeping {
            if (!retention.isPositive() || !settle.isPositive()) {
                throw new IllegalArgumentException("retention and settle must be longer than nothing");
            } else if (maxAlerts < 1 || maxEntries < 1) {
                throw new IllegalArgumentException("max-alerts and max-entries must be at least 1");
            }
        }
    }

    private static void longEnough(Secret secret, String key) {
        if (secret.bytes().length < SHORTEST_SECRET) {
            throw new IllegalArgumentException(key + " holds less than " + SHORTEST_SECRET + " characters");
        }
    }
}
