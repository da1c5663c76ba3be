package io.vitals.sandbox.launcher;

import java.nio.file.Path;

/**
 * The files with what the simulators share with the services.
 *
 * @param issuerKey the issuer's own, made by it when it is missing
 */
record SimulatorSecrets(
        Path whoopClientSecret,
        Path sahhaClientSecret,
        Path sahhaWebhookSecret,
        Path oidcClientSecret,
        Path issuerKey) {}
