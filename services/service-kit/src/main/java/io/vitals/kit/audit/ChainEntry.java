package io.vitals.kit.audit;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * An entry as the table holds it. Its hash covers every other column and the hash of the entry before it in its shard.
 *
 * @param atMicros time in microseconds since 1970, which is how exact the database is
 * @param hash as stored; whether it is right is what {@link ChainVerifier} finds out
 */
record ChainEntry(
        long id,
        int shard,
        long seq,
        long atMicros,
        String action,
        String actor,
        @Nullable String actorId,
        @Nullable String member,
        @Nullable String purpose,
        @Nullable String object,
        String outcome,
        @Nullable String reason,
        byte[] hash) {

    /** The hash that it should have. */
    byte[] expected(byte[] previous) {
        return new EntryHash().of(previous, this);
    }

    Instant at() {
        return Instant.ofEpochSecond(Math.floorDiv(atMicros, 1_000_000), Math.floorMod(atMicros, 1_000_000) * 1000L);
    }
}
