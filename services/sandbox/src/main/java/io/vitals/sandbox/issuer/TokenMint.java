package io.vitals.sandbox.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Makes the issuer's tokens, and for tests those that nobody may accept. */
public final class TokenMint {
    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType("at+jwt");

    private static final JOSEObjectType LOGOUT_TOKEN = new JOSEObjectType("logout+jwt");

    private final IssuerConfig config;
    private final String issuer;
    private final RSAKey key;

    TokenMint(IssuerConfig config, String issuer, RSAKey key) {
        this.config = config;
        this.issuer = issuer;
        this.key = key;
    }

    /** An access token as the token endpoint gives it. */
    public String accessTokenFor(Account account) {
        return sign(ACCESS_TOKEN, accessClaims(account).build(), key);
    }

    /** Ended a minute ago; otherwise good. */
    public String expiredTokenFor(Account account) {
        Instant end = now().minus(Duration.ofMinutes(1));
        return sign(
                ACCESS_TOKEN,
                accessClaims(account)
                        .issueTime(Date.from(end.minus(config.accessTokenLifetime())))
                        .notBeforeTime(Date.from(end.minus(config.accessTokenLifetime())))
                        .expirationTime(Date.from(end))
                        .build(),
                key);
    }

    /** Valid from an hour from now on; otherwise good. */
    public String earlyTokenFor(Account account) {
        Instant begin = now().plus(Duration.ofHours(1));
        return sign(
                ACCESS_TOKEN,
                accessClaims(account)
                        .notBeforeTime(Date.from(begin))
                        .expirationTime(Date.from(begin.plus(config.accessTokenLifetime())))
                        .build(),
                key);
    }

    /** For another API; otherwise good. */
    public String tokenForOtherAudience(Account account) {
        return sign(ACCESS_TOKEN, accessClaims(account).audience("another-api").build(), key);
    }

    /** From another issuer, signed with our key; otherwise good. */
    public String tokenOfOtherIssuer(Account account) {
        return sign(
                ACCESS_TOKEN,
                accessClaims(account).issuer("https://issuer.example").build(),
                key);
    }

    /** Signed with a key of somebody else under our key's id; otherwise good. */
    public String tokenSignedByOtherKey(Account account) {
        RSAKey other =
                new RSAKey.Builder(SigningKey.fresh()).keyID(key.getKeyID()).build();
        return sign(ACCESS_TOKEN, accessClaims(account).build(), other);
    }

    /** {@code alg: none}; otherwise good. */
    public String unsignedTokenFor(Account account) {
        return new PlainJWT(accessClaims(account).build()).serialize();
    }

    /** An ID token, which is meant for the client and not for an API. */
    String idTokenFor(Account account, Instant signedInAt, String session, Optional<String> nonce, String accessToken) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(account.subject())
                .audience(config.clientId())
                .issueTime(Date.from(now()))
                .expirationTime(Date.from(now().plus(Duration.ofMinutes(5))))
                .claim("sid", session)
                .claim("auth_time", signedInAt.getEpochSecond())
                .claim("at_hash", halfHash(accessToken))
                .claim("name", account.name());
        nonce.ifPresent(value -> claims.claim("nonce", value));
        return sign(JOSEObjectType.JWT, claims.build(), key);
    }

    /** Says that the sign-in of this {@code sid} is over. */
    public String logoutTokenFor(Account account, String session) {
        return logoutToken(claims -> claims.subject(account.subject()).claim("sid", session));
    }

    /** Says that the person is signed out everywhere. */
    public String logoutTokenFor(Account account) {
        return logoutToken(claims -> claims.subject(account.subject()));
    }

    /** A logout token with whatever a test makes of its claims; without a change it names nobody. */
    public String logoutToken(UnaryOperator<JWTClaimsSet.Builder> change) {
        return logoutToken(LOGOUT_TOKEN, change);
    }

    /** The same under another type. */
    public String logoutToken(JOSEObjectType type, UnaryOperator<JWTClaimsSet.Builder> change) {
        JWTClaimsSet claims = change.apply(new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience(config.clientId())
                        .issueTime(Date.from(now()))
                        .expirationTime(Date.from(now().plus(Duration.ofMinutes(2))))
                        .jwtID(UUID.randomUUID().toString())
                        .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of())))
                .build();
        return sign(type, claims, key);
    }

    /** OpenID Connect Core 3.1.3.6: the left half of the hash. */
    private static String halfHash(String accessToken) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, digest.length / 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The subject of an access token that this issuer gave and that is still good. */
    Optional<String> subjectOf(String accessToken) {
        return verified(accessToken)
                .filter(jwt -> ACCESS_TOKEN.equals(jwt.getHeader().getType()))
                .flatMap(TokenMint::claims)
                .filter(claims -> claims.getExpirationTime() != null
                        && claims.getExpirationTime().toInstant().isAfter(now()))
                .map(JWTClaimsSet::getSubject);
    }

    /** Whether this issuer signed the ID token; its age does not matter for a sign-out. */
    boolean isOwnIdToken(String idToken) {
        return verified(idToken)
                .flatMap(TokenMint::claims)
                .filter(claims -> claims.getAudience().contains(config.clientId()))
                .isPresent();
    }

    private Optional<SignedJWT> verified(String token) {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            return JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm()) && jwt.verify(new RSASSAVerifier(key))
                    ? Optional.of(jwt)
                    : Optional.empty();
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }

    private static Optional<JWTClaimsSet> claims(SignedJWT jwt) {
        try {
            return Optional.of(jwt.getJWTClaimsSet());
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    private JWTClaimsSet.Builder accessClaims(Account account) {
        Instant now = now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(account.subject())
                .audience(config.audience())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(config.accessTokenLifetime())))
                .jwtID(UUID.randomUUID().toString())
                .claim("client_id", config.clientId())
                .claim("groups", account.groups())
                .claim("name", account.name());
    }

    private static String sign(JOSEObjectType type, JWTClaimsSet claims, RSAKey key) {
        try {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(type)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("A token cannot be signed", e);
        }
    }

    private Instant now() {
        return config.clock().instant();
    }
}
