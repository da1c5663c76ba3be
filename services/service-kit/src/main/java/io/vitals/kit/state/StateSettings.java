package io.vitals.kit.state;

import io.vitals.kit.config.Secret;

import java.util.Optional;

/**
 * Needed by the commands export and import only.
 *
 * @param keyset Tink AEAD keyset that seals the data key of an export; kept where the cluster is not
 */
public record StateSettings(Optional<Secret> keyset) {}
