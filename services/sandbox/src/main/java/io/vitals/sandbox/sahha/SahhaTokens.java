package io.vitals.sandbox.sahha;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Opaque tokens of one kind with what they stand for; they last a day. */
final class SahhaTokens {
    static final Duration LIFETIME = Duration.ofHours(24);

    private final Clock clock;
    private final SecureRandom random;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    private record Held(String subject, Instant end) {}

    SahhaTokens(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    String issue(String subject) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        held.put(token, new Held(subject, clock.instant().plus(LIFETIME)));
        return token;
    }

    Optional<String> subjectOf(String token) {
        return Optional.ofNullable(held.get(token))
                .filter(found -> clock.instant().isBefore(found.end()))
                .map(Held::subject);
    }

    void revokeAll() {
        held.clear();
    }
}
