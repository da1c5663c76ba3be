package io.vitals.health.access;

import io.vitals.kit.config.Secret;

import java.time.Duration;

/**
 * Browser sessions.
 *
 * @param keyset encrypts the tokens at rest
 * @param idleTimeout a session unused for this long is over
 * @param absoluteTimeout a session is over after this long, whatever its use
 */
public record SessionSettings(Secret keyset, Duration idleTimeout, Duration absoluteTimeout) {}
