package io.vitals.kit.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.crypto.tink.subtle.Ed25519Sign;
import com.google.crypto.tink.subtle.Ed25519Verify;
import io.vitals.kit.config.Secret;
import io.vitals.kit.json.Json;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

/** An Ed25519 key with which a service signs documents that are to be believed later. */
public final class SignatureKey {
    private final String id;
    private final Ed25519Sign sign;
    private final VerificationKey verification;

    private SignatureKey(String id, Ed25519Sign sign, VerificationKey verification) {
        this.id = id;
        this.sign = sign;
        this.verification = verification;
    }

    /**
     * Takes the private key.
     *
     * @param jwk RFC 8037 form with {@code kid} and {@code d}
     * @throws IllegalArgumentException if it is not such a key
     */
    public static SignatureKey fromJwk(Secret jwk) {
        try {
            JsonNode node = Json.tree(jwk.bytes());
            String id = node.path("kid").asText();
            if (!node.path("crv").asText().equals("Ed25519") || id.isEmpty()) {
                throw new IllegalArgumentException("no Ed25519 key with kid");
            }
            byte[] seed = Base64.getUrlDecoder().decode(node.path("d").asText());
            Ed25519Sign.KeyPair pair = Ed25519Sign.KeyPair.newKeyPairFromSeed(seed);
            return new SignatureKey(
                    id, new Ed25519Sign(pair.getPrivateKey()), new VerificationKey(id, pair.getPublicKey()));
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause is dropped: it could quote the key.
            throw new IllegalArgumentException("the signing key is not an Ed25519 JWK with a kid");
        }
    }

    /** Its public half. */
    public static final class VerificationKey {
        private final String id;
        private final Ed25519Verify verify;

        private VerificationKey(String id, byte[] publicKey) {
            this.id = id;
            this.verify = new Ed25519Verify(publicKey);
        }

        /**
         * Takes a public key alone.
         *
         * @param jwk RFC 8037 form with {@code kid} and {@code x}
         * @throws IllegalArgumentException if it is not such a key
         */
        public static VerificationKey fromJwk(JsonNode jwk) {
            byte[] publicKey;
            try {
                publicKey = Base64.getUrlDecoder().decode(jwk.path("x").asText());
            } catch (IllegalArgumentException e) {
                publicKey = new byte[0];
            }
            String id = jwk.path("kid").asText();
            if (!jwk.path("crv").asText().equals("Ed25519") || id.isEmpty() || publicKey.length != 32) {
                throw new IllegalArgumentException("the key is not an Ed25519 JWK with a kid");
            }
            return new VerificationKey(id, publicKey);
        }

        public String id() {
            return id;
        }

        /** Whether the private half signed this. */
        public boolean signed(byte[] message, byte[] signature) {
            try {
                verify.verify(signature, message);
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        }
    }

    public String id() {
        return id;
    }

    public VerificationKey verification() {
        return verification;
    }

    public byte[] sign(byte[] message) {
        try {
            return sign.sign(Arrays.copyOf(message, message.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }
}
