package io.vitals.health.access;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.vitals.kit.config.Secret;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every attack of the corpus on the one place that judges tokens and on the one that takes ID tokens; each beside the untouched one. */
class AttackCorpusTest {
    private static final int BOGUS = Integer.getInteger("vitals.bogus-kids", 100_000);
    private static Instant start = Instant.EPOCH;
    private static final OidcSettings SETTINGS =
            new OidcSettings(URI.create(JwtAttacks.ISSUER), "vitals-web", Secret.of("x"), "vitals-api");
    private static final URI TARGET = URI.create("http://localhost/api/v1/me");
    private static final LoginSecrets SECRETS = new LoginSecrets("n".repeat(43), "v".repeat(43));

    private static RSAKey ours;
    private static RSAKey foreign;
    private static Map<String, String> tokens = new LinkedHashMap<>();
    private static JwtAttacks attacks;
    private static TokenJudge judge;

    @BeforeAll
    static void make() throws Exception {
        start = Instant.now();
        ours = new RSAKeyGenerator(2048).keyID("k1").generate();
        foreign = new RSAKeyGenerator(2048).keyID("k1").generate();
        attacks = new JwtAttacks(ours, foreign, start);
        tokens = attacks.all();
        judge = new TokenJudge(SETTINGS, keys(new Issuer(""), Clock.systemUTC()), Clock.systemUTC());
    }

    @Test
    void theCorpusIsLargeEnough() {
        assertThat(tokens.size() + idTokens().size() + RedirectAttacks.TARGETS.size())
                .isGreaterThanOrEqualTo(250);
        assertThat(tokens).hasSizeGreaterThanOrEqualTo(150);
    }

    @TestFactory
    Stream<DynamicTest> noTokenOfTheCorpusIsAccepted() {
        return tokens.entrySet().stream()
                .map(attack -> DynamicTest.dynamicTest(attack.getKey(), () -> {
                    assertThat(judged(attack.getValue())).isFalse();
                    assertThat(judged(attacks.good())).as("the untouched one").isTrue();
                }));
    }

    private static boolean judged(String token) {
        return judge.judge(token, "test", "GET", TARGET).isPresent();
    }

    @TestFactory
    Stream<DynamicTest> noIdTokenOfTheCorpusSignsAnybodyIn() {
        return idTokens().entrySet().stream()
                .map(attack -> DynamicTest.dynamicTest(attack.getKey(), () -> {
                    assertThat(signsIn(attack.getValue())).as(attack.getKey()).isFalse();
                    assertThat(signsIn(idToken("", ""))).as("the untouched one").isTrue();
                }));
    }

    private static Map<String, String> idTokens() {
        Map<String, String> wrong = new LinkedHashMap<>();
        String nonce = "\"nonce\":\"" + SECRETS.nonce() + "\"";
        wrong.put("nonce of another sign-in", idToken(nonce, "\"nonce\":\"" + "m".repeat(43) + "\""));
        wrong.put("nonce missing", idToken("," + nonce, ""));
        wrong.put("nonce empty", idToken(nonce, "\"nonce\":\"\""));
        wrong.put("nonce cut", idToken(nonce, "\"nonce\":\"" + "n".repeat(42) + "\""));
        wrong.put("another issuer", idToken(JwtAttacks.ISSUER, "http://evil.test"));
        wrong.put("issuer with a slash", idToken(JwtAttacks.ISSUER, JwtAttacks.ISSUER + "/"));
        wrong.put("for another client", idToken("\"vitals-web\"", "\"other-client\""));
        wrong.put("for the API", idToken("\"vitals-web\"", "\"vitals-api\""));
        wrong.put(
                "for several, used by another",
                idToken("\"aud\":\"vitals-web\"", "\"aud\":[\"vitals-web\",\"x\"],\"azp\":\"x\""));
        wrong.put("for several, used by nobody", idToken("\"aud\":\"vitals-web\"", "\"aud\":[\"vitals-web\",\"x\"]"));
        wrong.put(
                "over",
                idToken("\"exp\":" + (start.getEpochSecond() + 300), "\"exp\":" + (start.getEpochSecond() - 600)));
        wrong.put("without end", idToken("\"exp\":" + (start.getEpochSecond() + 300), "\"x\":1"));
        wrong.put(
                "from the future",
                idToken("\"iat\":" + start.getEpochSecond(), "\"iat\":" + (start.getEpochSecond() + 3600)));
        wrong.put("without time", idToken("\"iat\":" + start.getEpochSecond(), "\"x\":1"));
        wrong.put("without subject", idToken("\"sub\":\"mira\",", ""));
        String good = idToken("", "");
        String claims = good.split("\\.", -1)[1];
        wrong.put("signed by somebody else", JwtAttacks.signed(idHeader(), decoded(claims), foreign));
        wrong.put("unsigned", good.substring(0, good.lastIndexOf('.') + 1));
        wrong.put("alg none", encoded("{\"alg\":\"none\"}") + "." + claims + ".");
        wrong.put("another algorithm", JwtAttacks.signed(idHeader().replace("RS256", "RS512"), decoded(claims), ours));
        wrong.put("an unknown key", JwtAttacks.signed(idHeader().replace("k1", "k9"), decoded(claims), ours));
        return wrong;
    }

    private static String idHeader() {
        return "{\"alg\":\"RS256\",\"kid\":\"k1\"}";
    }

    private static String idToken(String old, String changed) {
        long now = start.getEpochSecond();
        String claims = "{\"sub\":\"mira\",\"iss\":\"" + JwtAttacks.ISSUER + "\",\"aud\":\"vitals-web\",\"iat\":" + now
                + ",\"exp\":" + (now + 300) + ",\"nonce\":\"" + SECRETS.nonce() + "\"}";
        return JwtAttacks.signed(idHeader(), old.isEmpty() ? claims : claims.replace(old, changed), ours);
    }

    private static String decoded(String part) {
        return new String(java.util.Base64.getUrlDecoder().decode(part), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static boolean signsIn(String idToken) {
        Issuer issuer = new Issuer(idToken);
        Clock clock = Clock.systemUTC();
        IssuerMetadata metadata = new IssuerMetadata(SETTINGS.issuer(), issuer, clock);
        IssuerClient client = new IssuerClient(
                SETTINGS, URI.create("http://localhost/auth/callback"), metadata, keys(issuer, clock), issuer);
        try {
            return client.exchange("code", SECRETS).isPresent();
        } catch (IssuerUnavailableException e) {
            return false;
        }
    }

    /** With a clock that moves 3 ms from one token to the next: however many keys are invented, a fetch comes every 30 s at most. */
    @Test
    void inventedKeyIdsCannotMakeAStormOfFetches() {
        AtomicReference<Instant> time = new AtomicReference<>(start);
        Clock clock = new Clock() {
            @Override
            public java.time.ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return time.get();
            }
        };
        Issuer issuer = new Issuer("");
        TokenJudge stormed = new TokenJudge(SETTINGS, keys(issuer, clock), clock);
        String good = attacks.good();
        String rest = good.substring(good.indexOf('.'));
        assertThat(stormed.judge(good, "t", "GET", TARGET)).isPresent();
        for (int i = 0; i < BOGUS; i++) {
            String header = encoded(JwtAttacks.HEADER.replace("k1", "bogus-" + i));
            assertThat(stormed.judge(header + rest, "t", "GET", TARGET)).isEmpty();
            time.set(time.get().plus(Duration.ofMillis(3)));
        }
        long seconds = Duration.ofMillis(3L * BOGUS).toSeconds();
        assertThat(issuer.keyFetches.get()).isBetween(1 + (int) (seconds / 31), 2 + (int) (seconds / 30));
    }

    private static SigningKeys keys(Issuer issuer, Clock clock) {
        return new SigningKeys(
                () -> URI.create(JwtAttacks.ISSUER + "/jwks"),
                issuer,
                set -> ProviderChain.of(SETTINGS, set),
                clock,
                Runnable::run);
    }

    /** Answers a code with the ID token that it was given. */
    private static final class Issuer implements IssuerTransport {
        private final AtomicInteger keyFetches = new AtomicInteger();
        private final String idToken;

        Issuer(String idToken) {
            this.idToken = idToken;
        }

        @Override
        public Answer get(URI uri) {
            if (uri.getPath().equals("/jwks")) {
                keyFetches.incrementAndGet();
                return new Answer(200, "application/json", new JWKSet(ours.toPublicJWK()).toString());
            }
            return new Answer(200, "application/json", """
                    {"issuer":"%1$s","authorization_endpoint":"%1$s/a","token_endpoint":"%1$s/t","jwks_uri":"%1$s/jwks",
                     "response_types_supported":["code"],"subject_types_supported":["public"],
                     "id_token_signing_alg_values_supported":["RS256"]}
                    """.formatted(JwtAttacks.ISSUER));
        }

        @Override
        public Answer post(URI uri, Map<String, String> headers, String form) {
            return new Answer(
                    200,
                    "application/json",
                    "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"" + idToken + "\"}");
        }
    }

    @TestFactory
    Stream<DynamicTest> noTargetOfTheCorpusLeadsAway() {
        return RedirectAttacks.TARGETS.stream()
                .map(target -> DynamicTest.dynamicTest(
                        "target " + target.replace('\r', '~').replace('\n', '~'),
                        () -> assertThat(LocalTarget.of(target)).isEmpty()));
    }

    @Test
    void thePlainTargetsAreTaken() {
        for (String good : List.of("/", "/days", "/days/2026-11-22", "/?view=night", "/account?tab=keys&x=1")) {
            assertThat(LocalTarget.of(good)).contains(good);
        }
    }
}
