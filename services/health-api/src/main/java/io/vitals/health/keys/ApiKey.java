package io.vitals.health.keys;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * A key as everybody who may see it sees it: never its value.
 *
 * @param hint how the value begins
 * @param lastUsedAt exact to the hour; null when it never was
 * @param previousUntil until when the value before the last rotation works too; null when there is none
 */
public record ApiKey(
        UUID id,
        UUID member,
        String name,
        String hint,
        Set<Scope> scopes,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant previousUntil) {

    /** A new value, which exists nowhere else and is shown once. */
    public record Issued(ApiKey key, String value) {
        @Override
        public String toString() {
            return "Issued[" + key.id() + "]";
        }
    }

    /** Whom a value speaks for. */
    public record Holder(UUID id, UUID member, Set<Scope> scopes, Instant expiresAt) {}
}
