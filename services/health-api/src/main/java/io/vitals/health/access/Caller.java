package io.vitals.health.access;

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
 * @param expiresAt end of the token
 * @param session the browser session that the token came out of; empty for a bearer header
 */
public record Caller(
        UUID member, Set<Role> roles, @Nullable String name, Instant expiresAt, Optional<SessionRef> session) {}
