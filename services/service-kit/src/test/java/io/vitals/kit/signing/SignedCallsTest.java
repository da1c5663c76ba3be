package io.vitals.kit.signing;

import com.google.crypto.tink.subtle.Ed25519Sign;
import com.google.crypto.tink.subtle.Ed25519Verify;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import io.vitals.kit.config.Secret;
import io.vitals.kit.signing.RequestVerifier.Received;
import io.vitals.kit.signing.RequestVerifier.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Which calls are taken for genuine. */
class SignedCallsTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private final OctetKeyPair key = newKey("caller-1");
    private final OctetKeyPair next = newKey("caller-2");
    private final RequestVerifier verifier = verifier(key, next);

    @Test
    void ofAHundredThousandChangedCallsNoneIsAccepted() {
        int calls = Integer.getInteger("vitals.signing.mutations", 100_000);
        Map<String, Integer> refusals = new ConcurrentHashMap<>();
        IntStream.range(0, 100).parallel().forEach(seed -> {
            Mutations mutations = new Mutations(seed);
            Received genuine = signed(key, CLOCK, mutations.call());
            for (int i = 0; i < calls / 100; i++) {
                String outcome = verifier.judge(mutations.changed(genuine))
                        .map(Refusal::name)
                        .orElse("accepted");
                refusals.merge(outcome, 1, Integer::sum);
            }
            // The control: it was the change that was refused. Its nonce is still unused, so no changed call got that
            // far.
            assertThat(verifier.judge(genuine)).isEmpty();
        });

        assertThat(refusals).doesNotContainKey("accepted");
        assertThat(refusals.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(calls / 100 * 100);
        assertThat(refusals)
                .containsKeys("FORGED", "BODY_CHANGED", "COVERAGE", "MALFORMED", "MISSING", "UNKNOWN_KEY", "EXPIRED");
    }

    @Test
    void whileACallerRotatesBothOfItsKeysAreTakenAndNoThird() {
        assertThat(verifier.judge(signed(key, CLOCK, call()))).isEmpty();
        assertThat(verifier.judge(signed(next, CLOCK, call()))).isEmpty();
        assertThat(verifier.judge(signed(newKey("caller-3"), CLOCK, call()))).contains(Refusal.UNKNOWN_KEY);
        assertThat(verifier.judge(signed(newKey("caller-1"), CLOCK, call()))).contains(Refusal.FORGED);
        assertThat(verifier(next).judge(signed(key, CLOCK, call()))).contains(Refusal.UNKNOWN_KEY);
    }

    @Test
    void aNonceIsTakenOnce() {
        Received call = signed(key, CLOCK, call());

        assertThat(verifier.judge(call)).isEmpty();
        assertThat(verifier.judge(call)).contains(Refusal.REPLAYED);
    }

    @Test
    void aCallIsFreshForAMinuteAndTheSkewOfClocks() {
        assertThat(verifier.judge(signed(key, at(-119), call()))).isEmpty();
        assertThat(verifier.judge(signed(key, at(-121), call()))).contains(Refusal.EXPIRED);
        assertThat(verifier.judge(signed(key, at(60), call()))).isEmpty();
        assertThat(verifier.judge(signed(key, at(61), call()))).contains(Refusal.EXPIRED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "idempotency-key", "x-request-deadline"})
    void aHeaderThatChangesTheMeaningIsCoveredWhenItIsThere(String header) {
        Received with = signed(key, CLOCK, with(call(), header, "one"));
        Received without = signed(key, CLOCK, call());

        assertThat(verifier.judge(with(with, header, "other"))).contains(Refusal.FORGED);
        assertThat(verifier.judge(with(with, header, "one, other"))).contains(Refusal.FORGED);
        assertThat(verifier.judge(headers(with, Map.of()))).contains(Refusal.COVERAGE);
        assertThat(verifier.judge(with(without, header, "one"))).contains(Refusal.COVERAGE);
        assertThat(verifier.judge(with)).isEmpty();
        assertThat(verifier.judge(without)).isEmpty();
    }

    @Test
    void evenASignedCallOfAnotherProfileIsRefused() {
        assertThat(verifier.judge(resigned(input -> input))).isEmpty();
        assertThat(verifier.judge(resigned(input -> input.replace("vitals-internal", "other"))))
                .contains(Refusal.MALFORMED);
        assertThat(verifier.judge(resigned(input -> input.replace(" \"content-digest\"", ""))))
                .contains(Refusal.COVERAGE);
        assertThat(verifier.judge(resigned(input -> input.replace("\"@path\" ", ""))))
                .contains(Refusal.COVERAGE);
        assertThat(verifier.judge(resigned(input -> input.replace("\"@method\"", "\"@method\" \"@method\""))))
                .contains(Refusal.COVERAGE);
        assertThat(verifier.judge(resigned(input -> input.replaceFirst("nonce=\"[^\"]+\"", "nonce=\"short\""))))
                .contains(Refusal.MALFORMED);
        assertThat(verifier.judge(resigned(input -> input.replaceFirst(";nonce=\"[^\"]+\"", ""))))
                .contains(Refusal.MALFORMED);
        assertThat(verifier.judge(resigned(input -> input.replaceFirst(
                        "expires=\\d+", "expires=" + NOW.plusSeconds(61).getEpochSecond()))))
                .contains(Refusal.EXPIRED);
        assertThat(verifier.judge(resigned(input -> input + ", " + input))).contains(Refusal.MALFORMED);
        assertThat(verifier.judge(resigned(input -> input + ";alg=\"none\""))).contains(Refusal.MALFORMED);
    }

    @Test
    void keysThatAreNoSetOfPublicKeysAreRefused() {
        assertRefused("{\"keys\":[]}");
        assertRefused("{\"keys\":[" + key.toJSONString() + "]}");
        assertRefused("{\"keys\":[" + publicJwk(key) + "," + publicJwk(newKey("caller-1")) + "]}");
        assertRefused("{\"keys\":[" + publicJwk(key).replace("Ed25519", "X25519") + "]}");
        assertRefused("{\"keys\":[" + publicJwk(newKey("")) + "]}");
        assertRefused("not a set");
    }

    /** RFC 9421, appendix B.2.6, with the key of B.1.4. */
    @Test
    void theStandardsExampleComesOutToTheLastByte() throws GeneralSecurityException {
        SignatureBase base = new SignatureBase(List.of(
                new SignatureBase.Component("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
                new SignatureBase.Component("@method", "POST"),
                new SignatureBase.Component("@path", "/foo"),
                new SignatureBase.Component("@authority", "example.com"),
                new SignatureBase.Component("content-type", "application/json"),
                new SignatureBase.Component("content-length", "18")));
        byte[] text = base.text(base.names() + ";created=1618884473;keyid=\"test-key-ed25519\"")
                .getBytes(StandardCharsets.UTF_8);
        String signature = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==";

        new Ed25519Verify(base64("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")).verify(base64(signature), text);
        byte[] ours = new Ed25519Sign(base64("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=")).sign(text);
        assertThat(Base64.getEncoder().encodeToString(ours)).isEqualTo(signature);
    }

    /** A call whose input was changed before it was signed again: only the profile can refuse it. */
    private Received resigned(UnaryOperator<String> change) {
        Received call = signed(key, CLOCK, call());
        String input = change.apply(String.valueOf(call.signatureInput()));
        SignatureBase base = SignatureBase.of(
                call.method(),
                call.authority(),
                call.path(),
                call.query(),
                String.valueOf(call.contentDigest()),
                String.valueOf(call.contentType()),
                Map.of());
        try {
            byte[] signature = new Ed25519Sign(key.getDecodedD())
                    .sign(base.text(input.substring("vitals=".length())).getBytes(StandardCharsets.UTF_8));
            return new Received(
                    call.method(),
                    call.authority(),
                    call.path(),
                    call.query(),
                    call.contentType(),
                    call.contentDigest(),
                    input,
                    "vitals=:" + Base64.getEncoder().encodeToString(signature) + ":",
                    Map.of(),
                    call.body());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Received call() {
        byte[] body = "{\"session_binding\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        return new Received(
                "POST",
                "whoop:8082",
                "/internal/v1/links/7",
                "a=1",
                "application/json",
                null,
                null,
                null,
                Map.of(),
                body);
    }

    private static Received with(Received call, String header, String value) {
        Map<String, String> more = new TreeMap<>(call.headers());
        more.put(header, value);
        return headers(call, more);
    }

    private static Received headers(Received call, Map<String, String> headers) {
        return new Received(
                call.method(),
                call.authority(),
                call.path(),
                call.query(),
                call.contentType(),
                call.contentDigest(),
                call.signatureInput(),
                call.signature(),
                headers,
                call.body());
    }

    private static Received signed(OctetKeyPair with, Clock clock, Received call) {
        Map<String, String> proof = RequestSigner.fromJwk(Secret.of(with.toJSONString()), clock, new SecureRandom())
                .sign(
                        call.method(),
                        call.authority(),
                        call.path(),
                        call.query(),
                        String.valueOf(call.contentType()),
                        call.body(),
                        call.headers());
        return new Received(
                call.method(),
                call.authority(),
                call.path(),
                call.query(),
                call.contentType(),
                proof.get("Content-Digest"),
                proof.get("Signature-Input"),
                proof.get("Signature"),
                call.headers(),
                call.body());
    }

    private RequestVerifier verifier(OctetKeyPair... keys) {
        String set = String.join(
                ",",
                java.util.Arrays.stream(keys).map(SignedCallsTest::publicJwk).toList());
        return RequestVerifier.fromJwkSet(
                Secret.of("{\"keys\":[" + set + "]}"), (nonce, _) -> nonces.add(nonce), CLOCK);
    }

    private void assertRefused(String set) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestVerifier.fromJwkSet(Secret.of(set), (_, _) -> true, CLOCK))
                .withNoCause();
    }

    private static Clock at(long seconds) {
        return Clock.offset(CLOCK, Duration.ofSeconds(seconds));
    }

    private static String publicJwk(OctetKeyPair pair) {
        return pair.toPublicJWK().toJSONString();
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text);
    }

    private static OctetKeyPair newKey(String id) {
        try {
            Ed25519Sign.KeyPair pair = Ed25519Sign.KeyPair.newKeyPair();
            return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(pair.getPublicKey()))
                    .d(Base64URL.encode(pair.getPrivateKey()))
                    .keyID(id)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
