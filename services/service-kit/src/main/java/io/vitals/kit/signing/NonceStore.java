package io.vitals.kit.signing;

import java.time.Instant;

/** Remembers nonces for as long as a replay could pass, across all replicas. */
@FunctionalInterface
public interface NonceStore {
    /** Returns true the first time only. */
    boolean firstUse(String nonce, Instant expires);
}
