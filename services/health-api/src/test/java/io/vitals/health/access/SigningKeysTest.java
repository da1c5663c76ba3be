package io.vitals.health.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vitals.health.testing.MovableClock;
import io.vitals.kit.config.Secret;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SigningKeysTest {
    private static final OidcSettings SETTINGS =
            new OidcSettings(URI.create("http://localhost:9"), "vitals-web", Secret.of("x"), "vitals-api");
    private static RSAKey first;
    private static RSAKey second;

    private final Issuer issuer = new Issuer();
    private final MovableClock clock = new MovableClock();
    private final SigningKeys keys = new SigningKeys(
            () -> URI.create("http://localhost:9/jwks"),
            issuer,
            set -> ProviderChain.of(SETTINGS, set),
            clock,
            Runnable::run);

    @BeforeAll
    static void generate() throws JOSEException {
        first = new RSAKeyGenerator(2048).keyID("k1").generate();
        second = new RSAKeyGenerator(2048).keyID("k2").generate();
    }

    private static final class Issuer implements IssuerTransport {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile JWKSet published = new JWKSet();
        private volatile boolean down;

        @Override
        public Answer get(URI uri) {
            asked.incrementAndGet();
            if (down) {
                throw new IssuerUnavailableException("down", null);
            }
            return new Answer(200, "application/json", published.toString());
        }

        @Override
        public Answer post(URI uri, Map<String, String> headers, String form) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void made_up_key_ids_cause_one_fetch_in_thirty_seconds() throws Exception {
        issuer.published = new JWKSet(first.toPublicJWK());
        keys.forKey("k1");
        clock.move(Duration.ofSeconds(31));
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 10_000).forEach(i -> pool.execute(() -> keys.forKey("bogus-" + i)));
        }
        assertThat(issuer.asked.get()).isEqualTo(2);
    }

    @Test
    void a_new_key_is_learned_by_the_first_token_that_names_it() {
        issuer.published = new JWKSet(first.toPublicJWK());
        keys.forKey("k1");
        issuer.published = new JWKSet(java.util.List.of(first.toPublicJWK(), second.toPublicJWK()));
        clock.move(Duration.ofSeconds(31));
        assertThat(keys.forKey("k2").has("k2")).isTrue();
    }

    @Test
    void known_keys_serve_through_hours_without_the_issuer() {
        issuer.published = new JWKSet(first.toPublicJWK());
        keys.forKey("k1");
        issuer.down = true;
        for (int minutes = 0; minutes < 4 * 60; minutes += 7) {
            clock.move(Duration.ofMinutes(7));
            assertThat(keys.forKey("k1").has("k1")).isTrue();
        }
        clock.move(Duration.ofHours(21));
        assertThatThrownBy(() -> keys.forKey("k1")).isInstanceOf(IssuerUnavailableException.class);
    }

    @Test
    void a_key_that_was_taken_back_is_forgotten_within_five_minutes_and_a_bit() {
        issuer.published = new JWKSet(java.util.List.of(first.toPublicJWK(), second.toPublicJWK()));
        keys.forKey("k1");
        issuer.published = new JWKSet(second.toPublicJWK());
        clock.move(Duration.ofMinutes(5).plusSeconds(1));
        keys.forKey("k1");
        assertThat(keys.forKey("k1").has("k1")).isFalse();
    }

    @Test
    void an_issuer_that_is_away_from_the_start_is_asked_again_but_not_by_everybody() {
        issuer.down = true;
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> keys.forKey("k1")).isInstanceOf(IssuerUnavailableException.class);
        }
        assertThat(issuer.asked.get()).isLessThanOrEqualTo(2);
        issuer.down = false;
        issuer.published = new JWKSet(first.toPublicJWK());
        clock.move(Duration.ofSeconds(2));
        assertThat(keys.forKey("k1").has("k1")).isTrue();
    }

    @Test
    void only_rsa_keys_for_signing_are_taken() throws Exception {
        RSAKey forEncryption = new RSAKey.Builder(second.toPublicJWK())
                .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                .build();
        issuer.published = new JWKSet(java.util.List.of(first.toPublicJWK(), forEncryption));
        assertThat(keys.forKey("k2").has("k2")).isFalse();
    }
}
