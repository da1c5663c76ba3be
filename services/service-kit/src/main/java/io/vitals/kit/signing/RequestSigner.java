package io.vitals.kit.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.crypto.tink.subtle.Ed25519Sign;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.json.Json;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** Signs calls to another service of ours with this service's own Ed25519 key, which the callee cannot forge. */
public final class RequestSigner {
    private static final int NONCE_BYTES = 16;

    private final String keyId;
    private final Ed25519Sign key;
    private final Clock clock;
    private final SecureRandom random;

    private RequestSigner(String keyId, Ed25519Sign key, Clock clock, SecureRandom random) {
        this.keyId = keyId;
        this.key = key;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Takes the private key.
     *
     * @param jwk RFC 8037 form with {@code kid} and {@code d}
     * @throws IllegalArgumentException if it is not such a key
     */
    public static RequestSigner fromJwk(Secret jwk, Clock clock, SecureRandom random) {
        try {
            JsonNode node = Json.tree(jwk.bytes());
            if (!node.path("crv").asText().equals("Ed25519")
                    || node.path("kid").asText().isEmpty()) {
                throw new IllegalArgumentException("the signing key is not an Ed25519 JWK with a kid");
            }
            byte[] seed = Base64.getUrlDecoder().decode(node.path("d").asText());
            return new RequestSigner(node.path("kid").asText(), new Ed25519Sign(seed), clock, random);
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause is dropped: it could quote the key.
            throw new IllegalArgumentException("the signing key is not an Ed25519 JWK with a kid");
        }
    }

    /**
     * The headers that prove the call.
     *
     * @param authority host and port, as in the Host header
     * @param path raw, as sent
     * @param query raw, without the question mark; empty if there is none
     * @param contentType empty if there is no body
     * @param headers the call's other headers by lower-case name; those of the profile are covered
     */
    public Map<String, String> sign(
            String method,
            String authority,
            String path,
            String query,
            String contentType,
            byte[] body,
            Map<String, String> headers) {
        String digest = SignatureBase.digest(body);
        SignatureBase base =
                SignatureBase.of(method, authority.toLowerCase(Locale.ROOT), path, query, digest, contentType, headers);
        long created = clock.instant().getEpochSecond();
        String parameters = base.names() + ";created=" + created + ";expires="
                + (created + Profile.LIFETIME.toSeconds()) + ";nonce=\"" + Tokens.random(random, NONCE_BYTES)
                + "\";keyid=\"" + keyId + "\";tag=\"" + Profile.TAG + "\"";
        return Map.of(
                "Content-Digest", digest,
                "Signature-Input", Profile.LABEL + "=" + parameters,
                "Signature", Profile.LABEL + "=:" + signature(base.text(parameters)) + ":");
    }

    private String signature(String text) {
        try {
            return Base64.getEncoder().encodeToString(key.sign(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }
}
