package io.vitals.health.access;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;

/**
 * The one place where an access token is judged. First our own strict checks of header and claims, which the provider
 * lacks or leaves optional; then the provider, which verifies the signature and says who it is. Both must agree.
 */
final class TokenJudge {
    private static final int LONGEST = 8192;
    private static final Duration SKEW = Duration.ofSeconds(5);
    private static final Set<JOSEObjectType> TYPES =
            Set.of(new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), JOSEObjectType.JWT);

    private final OidcSettings settings;
    private final SigningKeys keys;
    private final Clock clock;
    private final JudgedTokens judged = new JudgedTokens();

    TokenJudge(OidcSettings settings, SigningKeys keys, Clock clock) {
        this.settings = settings;
        this.keys = keys;
        this.clock = clock;
    }

    /** An accepted token. */
    record Verdict(
            String issuer,
            String subject,
            Set<Role> roles,
            @Nullable String name,
            Instant expiresAt) {}

    /**
     * Judges a token; empty when it is refused, whatever the reason. The rest describes the request to the provider.
     *
     * @throws IssuerUnavailableException when there are no keys to judge by
     */
    Optional<Verdict> judge(String token, String requestId, String method, URI target) {
        try {
            if (token.length() > LONGEST) {
                return Optional.empty();
            }
            Optional<Verdict> earlier = judgedEarlier(token);
            if (earlier.isPresent()) {
                return earlier;
            }
            SignedJWT parsed = SignedJWT.parse(token);
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            @Nullable Times times = Times.of(claims);
            if (!plain(parsed.getHeader()) || times == null || !times.current(clock.instant()) || !ours(claims)) {
                return Optional.empty();
            }
            SigningKeys.Known known = keys.forKey(parsed.getHeader().getKeyID());
            String subject = claims.getSubject();
            String name = claims.getStringClaim("name");
            if (!known.has(parsed.getHeader().getKeyID())) {
                return Optional.empty();
            }
            Optional<Verdict> verdict = known.chain()
                    .judge(token, requestId, method, target)
                    .filter(accepted -> accepted.subject().equals(subject))
                    .map(accepted -> new Verdict(
                            settings.issuer().toString(),
                            subject,
                            Role.among(accepted.groups()),
                            name,
                            times.expires()));
            String keyId = parsed.getHeader().getKeyID();
            verdict.ifPresent(v -> judged.keep(token, new JudgedTokens.Entry(known.chain(), keyId, times, v)));
            return verdict;
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /** One algorithm, a key named by id only, and no header that could bring its own key. */
    private static boolean plain(JWSHeader header) {
        return JWSAlgorithm.RS256.equals(header.getAlgorithm())
                && header.getType() != null
                && TYPES.contains(header.getType())
                && namesItsKeyOnly(header);
    }

    /** A key named by id, and nothing that could bring another. */
    static boolean namesItsKeyOnly(JWSHeader header) {
        return header.getKeyID() != null
                && !header.getKeyID().isBlank()
                && header.getJWK() == null
                && header.getJWKURL() == null
                && header.getX509CertURL() == null
                && header.getX509CertChain() == null
                && header.getCriticalParams() == null;
    }

    /** Times are checked every time; the rest holds as long as the keys do. */
    private Optional<Verdict> judgedEarlier(String token) {
        return judged.find(token)
                .filter(entry -> entry.times().current(clock.instant()))
                .filter(entry -> keys.forKey(entry.keyId()).chain() == entry.chain())
                .map(JudgedTokens.Entry::verdict);
    }

    /** When a token may be used. */
    record Times(Instant issued, @Nullable Instant notBefore, Instant expires) {
        static @Nullable Times of(JWTClaimsSet claims) {
            Date expires = claims.getExpirationTime();
            Date notBefore = claims.getNotBeforeTime();
            Date issued = claims.getIssueTime();
            return expires == null || issued == null
                    ? null
                    : new Times(
                            issued.toInstant(), notBefore == null ? null : notBefore.toInstant(), expires.toInstant());
        }

        boolean current(Instant now) {
            return expires.plus(SKEW).isAfter(now)
                    && (notBefore == null || !notBefore.minus(SKEW).isAfter(now))
                    && !issued.minus(SKEW).isAfter(now);
        }
    }

    private boolean ours(JWTClaimsSet claims) {
        String subject = claims.getSubject();
        return settings.issuer().toString().equals(claims.getIssuer())
                && claims.getAudience().contains(settings.audience())
                && subject != null
                && !subject.isBlank()
                && subject.length() <= 255;
    }
}
