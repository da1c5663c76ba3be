package io.vitals.health.access;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.vitals.kit.config.Secret;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

/** Every way known to us in which a token can be wrong, each with all else right. */
class BearerTokenTest {
    private static final String ISSUER = "http://localhost:9";
    private static final OidcSettings SETTINGS =
            new OidcSettings(URI.create(ISSUER), "vitals-web", Secret.of("x"), "vitals-api");
    private static final URI TARGET = URI.create("http://localhost/api/v1/me");
    private static RSAKey ours;
    private static RSAKey foreign;
    private static TokenJudge judge;

    @BeforeAll
    static void keys() throws Exception {
        ours = new RSAKeyGenerator(2048).keyID("k1").generate();
        foreign = new RSAKeyGenerator(2048).keyID("k1").generate();
        IssuerTransport transport = new IssuerTransport() {
            @Override
            public Answer get(URI uri) {
                return new Answer(200, "application/json", new JWKSet(ours.toPublicJWK()).toString());
            }

            @Override
            public Answer post(URI uri, Map<String, String> headers, String form) {
                throw new UnsupportedOperationException();
            }
        };
        SigningKeys keys = new SigningKeys(
                () -> URI.create(ISSUER + "/jwks"),
                transport,
                set -> ProviderChain.of(SETTINGS, set),
                Clock.systemUTC(),
                Runnable::run);
        judge = new TokenJudge(SETTINGS, keys, Clock.systemUTC());
    }

    @Test
    void a_good_token_names_its_subject_and_roles() throws Exception {
        TokenJudge.Verdict verdict =
                judged(signed(header(h -> h), claims(c -> c), ours)).orElseThrow();
        assertThat(verdict.subject()).isEqualTo("mira");
        assertThat(verdict.roles()).containsExactly(Role.MEMBER, Role.ADMIN);
        assertThat(verdict.name()).isEqualTo("Mira");
    }

    /** Our own checks see nothing wrong with it: without the provider it would pass. */
    @Test
    void a_token_of_right_claims_signed_by_somebody_else_is_refused_by_the_provider() throws Exception {
        assertThat(judged(signed(header(h -> h), claims(c -> c), foreign))).isEmpty();
    }

    /** The positive control of the last test: a judge whose provider knows the other key takes the same token. */
    @Test
    void the_provider_is_what_decides_on_the_signature() throws Exception {
        String token = signed(header(h -> h), claims(c -> c), foreign);
        assertThat(ProviderChain.of(SETTINGS, new JWKSet(named(foreign))).judge(token, "id", "GET", TARGET))
                .isPresent();
        assertThat(ProviderChain.of(SETTINGS, new JWKSet(named(ours))).judge(token, "id", "GET", TARGET))
                .isEmpty();
    }

    @Test
    void a_tampered_token_is_refused() throws Exception {
        String token = signed(header(h -> h), claims(c -> c), ours);
        String[] parts = token.split("\\.", -1);
        String payload = com.nimbusds.jose.util.Base64URL.encode(
                        claims(c -> c.subject("jonas")).toString())
                .toString();
        assertThat(judged(parts[0] + "." + payload + "." + parts[2])).isEmpty();
        assertThat(judged(parts[0] + "." + parts[1] + ".")).isEmpty();
        assertThat(judged(token + "A")).isEmpty();
    }

    @Test
    void no_algorithm_is_no_signature() throws Exception {
        assertThat(judged(new PlainJWT(claims(c -> c)).serialize())).isEmpty();
        assertThat(judged(new PlainJWT(claims(c -> c)).serialize() + "c2ln")).isEmpty();
    }

    @Test
    void a_public_key_is_no_shared_secret() throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID("k1")
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                claims(c -> c));
        token.sign(new MACSigner(ours.toRSAPublicKey().getEncoded()));
        assertThat(judged(token.serialize())).isEmpty();
        SignedJWT pem = new SignedJWT(token.getHeader(), token.getJWTClaimsSet());
        pem.sign(new MACSigner(ours.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        assertThat(judged(pem.serialize())).isEmpty();
    }

    @Test
    void other_algorithms_of_the_same_key_are_refused() throws Exception {
        for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS384, JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(algorithm)
                            .keyID("k1")
                            .type(new JOSEObjectType("at+jwt"))
                            .build(),
                    claims(c -> c));
            token.sign(new RSASSASigner(ours));
            assertThat(judged(token.serialize())).as(algorithm.getName()).isEmpty();
        }
    }

    @Test
    void a_header_cannot_bring_or_point_to_its_own_key() throws Exception {
        URI evil = URI.create("http://evil.test/jwks");
        refused(header(h -> h.jwk(foreign.toPublicJWK())), foreign);
        refused(header(h -> h.jwkURL(evil)), foreign);
        refused(header(h -> h.x509CertURL(evil)), foreign);
        refused(header(h -> h.jwk(ours.toPublicJWK())), ours);
        refused(header(h -> h.keyID(null)), ours);
        refused(header(h -> h.keyID("unknown")), ours);
        refused(header(h -> h.keyID("../../k1")), ours);
        refused(header(h -> h.type(null)), ours);
        refused(header(h -> h.type(new JOSEObjectType("logout+jwt"))), ours);
        refused(header(h -> h.criticalParams(java.util.Set.of("exp")).customParam("exp", 1)), ours);
    }

    @Test
    void claims_must_all_be_there_and_right() throws Exception {
        Date past = Date.from(Instant.now().minusSeconds(60));
        Date future = Date.from(Instant.now().plusSeconds(3600));
        refused(c -> c.issuer("http://evil.test"));
        refused(c -> c.issuer(ISSUER + "/"));
        refused(c -> c.issuer(null));
        refused(c -> c.audience("other-api"));
        refused(c -> c.audience("vitals-web"));
        refused(c -> c.audience((String) null));
        refused(c -> c.expirationTime(past));
        refused(c -> c.expirationTime(null));
        refused(c -> c.notBeforeTime(future));
        refused(c -> c.issueTime(future));
        refused(c -> c.issueTime(null));
        refused(c -> c.subject(null));
        refused(c -> c.subject(" "));
        refused(c -> c.subject("x".repeat(256)));
    }

    @Test
    void one_audience_among_several_is_enough() throws Exception {
        assertThat(judged(signed(header(h -> h), claims(c -> c.audience(List.of("other", "vitals-api"))), ours)))
                .isPresent();
    }

    @Test
    void groups_that_are_no_roles_give_nothing() throws Exception {
        assertThat(judged(signed(header(h -> h), claims(c -> c.claim("groups", List.of("root", "Member"))), ours))
                        .orElseThrow()
                        .roles())
                .isEmpty();
        assertThat(judged(signed(header(h -> h), claims(c -> c.claim("groups", null)), ours))
                        .orElseThrow()
                        .roles())
                .isEmpty();
    }

    @Test
    void what_is_no_token_at_all_is_refused() {
        for (String text : List.of("", ".", "..", "a.b.c", "....", "null", "\u0000", "x".repeat(100_000))) {
            assertThat(judged(text)).isEmpty();
        }
    }

    private static void refused(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        assertThat(judged(signed(header(h -> h), claims(change), ours))).isEmpty();
    }

    private static void refused(JWSHeader header, RSAKey key) throws Exception {
        assertThat(judged(signed(header, claims(c -> c), key))).isEmpty();
    }

    private static Optional<TokenJudge.Verdict> judged(String token) {
        return judge.judge(token, "test", "GET", TARGET);
    }

    private static RSAKey named(RSAKey key) {
        return key.toPublicJWK();
    }

    private static JWSHeader header(UnaryOperator<JWSHeader.Builder> change) {
        return change.apply(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k1").type(new JOSEObjectType("at+jwt")))
                .build();
    }

    private static JWTClaimsSet claims(UnaryOperator<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        return change.apply(new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject("mira")
                        .audience("vitals-api")
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(900)))
                        .claim("groups", List.of("member", "admin"))
                        .claim("name", "Mira"))
                .build();
    }

    private static String signed(JWSHeader header, JWTClaimsSet claims, RSAKey key) throws Exception {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }
}
