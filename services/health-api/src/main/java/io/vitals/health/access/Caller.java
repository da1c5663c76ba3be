package io.vitals.health.access;

import io.vitals.health.keys.ApiKey;
import io.vitals.health.keys.Scope;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who makes a request, after their token was judged.
 *
 * @param member our id of the person
 * @param name display name from the token; null when it has none
 * @param expiresAt end of the token or key
 * @param session the browser session that the token came out of; empty for a bearer header
 * @param key the API key that was given instead of a token; it has its scopes only
 */
public record Caller(
        UUID member,
        Set<Role> roles,
        @Nullable String name,
        Instant expiresAt,
        Optional<SessionRef> session,
        Optional<ApiKey.Holder> key) {

    /** Whether the caller may do what needs this scope; what needs none is not for keys. */
    boolean has(Optional<Scope> scope) {
        return key.isEmpty() || scope.filter(key.get().scopes()::contains).isPresent();
    }
}
