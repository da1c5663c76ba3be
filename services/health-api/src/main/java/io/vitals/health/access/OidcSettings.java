package io.vitals.health.access;

import io.vitals.kit.config.Secret;

import java.net.URI;

/**
 * Who vouches for people.
 *
 * @param issuer the issuer exactly as it names itself
 * @param clientId our id there, for the browser's sign-in
 * @param audience the name of this API in access tokens
 */
public record OidcSettings(URI issuer, String clientId, Secret clientSecret, String audience) {}
