package io.vitals.health.access;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vitals.kit.config.Secret;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import static org.assertj.core.api.Assertions.assertThat;

/** A token that was accepted a moment ago is not accepted for that alone. */
class JudgedTokensTest {
    private static final URI ISSUER = URI.create("http://localhost:9");
    private static final OidcSettings SETTINGS = new OidcSettings(ISSUER, "vitals-web", Secret.of("x"), "vitals-api");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final AtomicReference<JWKSet> published = new AtomicReference<>();
    private TokenJudge judge;
    private String token;

    @BeforeEach
    void acceptOnce() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
        published.set(new JWKSet(key.toPublicJWK()));
        Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        IssuerTransport transport = new IssuerTransport() {
            @Override
            public Answer get(URI uri) {
                return new Answer(200, "application/json", published.get().toString());
            }

            @Override
            public Answer post(URI uri, Map<String, String> headers, String form) {
                throw new UnsupportedOperationException();
            }
        };
        judge = new TokenJudge(
                SETTINGS,
                new SigningKeys(
                        () -> URI.create(ISSUER + "/jwks"),
                        transport,
                        set -> ProviderChain.of(SETTINGS, set),
                        clock,
                        Runnable::run),
                clock);
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("k1")
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER.toString())
                        .subject("mira")
                        .audience("vitals-api")
                        .issueTime(Date.from(Instant.now().minusSeconds(60)))
                        .expirationTime(Date.from(Instant.now().plusSeconds(900)))
                        .claim("groups", java.util.List.of("member"))
                        .build());
        jwt.sign(new RSASSASigner(key));
        token = jwt.serialize();
        now.set(Instant.now());
        assertThat(accepted()).isTrue();
    }

    @Test
    void it_ends_with_its_own_time() {
        assertThat(accepted()).isTrue();
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(16)));
        assertThat(accepted()).isFalse();
    }

    @Test
    void it_ends_when_the_issuer_takes_its_key_back() throws Exception {
        published.set(
                new JWKSet(new RSAKeyGenerator(2048).keyID("k2").generate().toPublicJWK()));
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(6)));
        // The first request after five minutes has the keys renewed beside it.
        judge.judge(token, "id", "GET", ISSUER);
        assertThat(accepted()).isFalse();
    }

    private boolean accepted() {
        return judge.judge(token, "id", "GET", ISSUER).isPresent();
    }
}
