package io.vitals.sandbox.issuer;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Codes and refresh tokens. Both work once; a second use of either ends the whole sign-in that it belongs to, because
 * then somebody holds a copy.
 */
final class Grants {
    private static final Duration CODE_LIFETIME = Duration.ofSeconds(60);
    private static final Duration REFRESH_LIFETIME = Duration.ofHours(12);

    private final Clock clock;
    private final SecureRandom random;
    private final Map<String, Held<Grant>> codes = new HashMap<>();
    private final Map<String, Held<Grant>> refreshTokens = new HashMap<>();
    private final Set<String> endedSignIns = new HashSet<>();
    private String lastSignIn = "";

    Grants(Clock clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * What a member agreed to.
     *
     * @param signIn names one sign-in; all its tokens end together
     */
    record Grant(
            String signIn,
            Account account,
            String redirectUri,
            String codeChallenge,
            Set<String> scopes,
            Optional<String> nonce,
            Instant signedInAt) {}

    synchronized String code(
            Account account, String redirectUri, String codeChallenge, Set<String> scopes, Optional<String> nonce) {
        String code = token();
        var grant = new Grant(token(), account, redirectUri, codeChallenge, scopes, nonce, clock.instant());
        lastSignIn = grant.signIn();
        codes.put(code, new Held<>(grant, clock.instant().plus(CODE_LIFETIME)));
        return code;
    }

    /** The {@code sid} of the newest sign-in; empty before the first. */
    synchronized String lastSignIn() {
        return lastSignIn;
    }

    /** Uses the code up, whatever becomes of the request that brought it. */
    synchronized Optional<Grant> redeemCode(String code) {
        return redeem(codes.get(code));
    }

    synchronized String refreshToken(Grant grant) {
        String refreshToken = token();
        refreshTokens.put(refreshToken, new Held<>(grant, clock.instant().plus(REFRESH_LIFETIME)));
        return refreshToken;
    }

    synchronized Optional<Grant> redeemRefreshToken(String refreshToken) {
        return redeem(refreshTokens.get(refreshToken));
    }

    private Optional<Grant> redeem(@Nullable Held<Grant> held) {
        if (held == null) {
            return Optional.empty();
        }
        if (held.used) {
            endedSignIns.add(held.value.signIn());
            return Optional.empty();
        }
        held.used = true;
        boolean good = clock.instant().isBefore(held.end) && !endedSignIns.contains(held.value.signIn());
        return good ? Optional.of(held.value) : Optional.empty();
    }

    private String token() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static final class Held<T> {
        final T value;
        final Instant end;
        boolean used;

        Held(T value, Instant end) {
            this.value = value;
            this.end = end;
        }
    }
}
