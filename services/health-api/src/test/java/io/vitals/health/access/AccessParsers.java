package io.vitals.health.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vitals.health.testing.Parser;
import io.vitals.health.testing.Requests;
import io.vitals.kit.config.Secret;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** What reads tokens, cookies and targets. */
public final class AccessParsers {
    private static final URI ISSUER = URI.create("http://localhost:9");
    private static final OidcSettings SETTINGS = new OidcSettings(ISSUER, "vitals-web", Secret.of("x"), "vitals-api");

    private AccessParsers() {}

    public static List<Parser> all() {
        Clock clock = Clock.systemUTC();
        SigningKeys keys = new SigningKeys(
                () -> URI.create(ISSUER + "/jwks"),
                new OneKey(),
                set -> ProviderChain.of(SETTINGS, set),
                clock,
                Runnable::run);
        TokenJudge judge = new TokenJudge(SETTINGS, keys, clock);
        return List.of(
                bytes -> judge.judge(text(bytes), "r", "GET", URI.create("http://localhost/api/v1/me")),
                bytes -> BackChannelLogout.judged(SETTINGS, keys, clock, text(bytes)),
                bytes -> Cookies.read(Requests.header("Cookie", plain(bytes)), Cookies.SESSION),
                bytes -> LocalTarget.of(text(bytes)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** As a header may be: the server has refused what holds anything else. */
    private static String plain(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "");
    }

    private static final class OneKey implements IssuerTransport {
        private final String published;

        OneKey() {
            try {
                published = new JWKSet(
                                new RSAKeyGenerator(2048).keyID("k1").generate().toPublicJWK())
                        .toString();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public Answer get(URI uri) {
            return new Answer(200, "application/json", published);
        }

        @Override
        public Answer post(URI uri, Map<String, String> headers, String form) {
            throw new UnsupportedOperationException();
        }
    }
}
