package io.vitals.kit.http;

import java.time.Duration;

/**
 * Limits of all listeners of a service.
 *
 * @param readTimeout longest silence while a request arrives
 * @param idleTimeout longest life of a connection without a request
 * @param gracePeriod how long a stop waits for requests in flight
 * @param maxConnections open connections a listener takes
 */
public record HttpSettings(Duration readTimeout, Duration idleTimeout, Duration gracePeriod, int maxConnections) {
    /** 10 s, 60 s, 30 s and 4096. Without the grace period a stop loses the requests in flight. */
    public static HttpSettings defaults() {
        return new HttpSettings(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), 4096);
    }
}
