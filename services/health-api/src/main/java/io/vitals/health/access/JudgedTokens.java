package io.vitals.health.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Tokens;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Tokens accepted a moment ago, by their hash: verifying a signature anew for each request of a burst costs more than
 * answering it. An entry holds only for the keys it was judged by, so a key that the issuer takes back is forgotten as
 * soon as its set is renewed. Refusals are not kept.
 */
final class JudgedTokens {
    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** What was accepted, and on which keys' word. */
    record Entry(ProviderChain chain, String keyId, TokenJudge.Times times, TokenJudge.Verdict verdict) {}

    private final Cache<String, Entry> entries =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

    Optional<Entry> find(String token) {
        @Nullable Entry entry = entries.getIfPresent(hash(token));
        return Optional.ofNullable(entry);
    }

    void keep(String token, Entry entry) {
        entries.put(hash(token), entry);
    }

    private static String hash(String token) {
        return Tokens.base64Url(Digests.sha256(token.getBytes(StandardCharsets.UTF_8)));
    }
}
