package io.vitals.kit.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.crypto.tink.subtle.Ed25519Verify;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges signed calls. The algorithm comes from the key, never from the message. */
public final class RequestVerifier {
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Pattern INPUT = Pattern.compile(Pattern.quote(Profile.LABEL + "=")
            + "(?<params>(?<names>\\([a-z@\" -]{1,300}\\))"
            + ";created=(?<created>\\d{10});expires=(?<expires>\\d{10});nonce=\"(?<nonce>[A-Za-z0-9_-]{22})\";"
            + "keyid=\"(?<keyid>[A-Za-z0-9._-]{1,64})\";tag=\"" + Pattern.quote(Profile.TAG) + "\")");
    private static final Pattern SIGNATURE =
            Pattern.compile(Pattern.quote(Profile.LABEL) + "=:(?<value>[A-Za-z0-9+/]{86}==):");

    /** Why a call was refused. Counted and logged; the caller only learns that it was. */
    public enum Refusal {
        MISSING,
        MALFORMED,
        /** Not exactly what the profile asks for is signed. */
        COVERAGE,
        UNKNOWN_KEY,
        EXPIRED,
        BODY_CHANGED,
        FORGED,
        REPLAYED
    }

    /**
     * What the verifier looks at; raw as received.
     *
     * @param headers by lower-case name; the values of a repeated one joined by a comma and a space
     */
    public record Received(
            String method,
            String authority,
            String path,
            String query,
            @Nullable String contentType,
            @Nullable String contentDigest,
            @Nullable String signatureInput,
            @Nullable String signature,
            Map<String, String> headers,
            byte[] body) {}

    private final Map<String, Ed25519Verify> keys;
    private final NonceStore nonces;
    private final Clock clock;

    private RequestVerifier(Map<String, Ed25519Verify> keys, NonceStore nonces, Clock clock) {
        this.keys = Map.copyOf(keys);
        this.nonces = nonces;
        this.clock = clock;
    }

    /**
     * Takes the callers' public keys; two of one caller may be valid at once while it rotates.
     *
     * @param jwkSet JWK Set of Ed25519 keys with {@code kid}
     * @throws IllegalArgumentException if it is not such a set or is empty
     */
    public static RequestVerifier fromJwkSet(Secret jwkSet, NonceStore nonces, Clock clock) {
        try {
            Map<String, Ed25519Verify> keys = new HashMap<>();
            for (JsonNode key : Json.tree(jwkSet.bytes()).path("keys")) {
                String id = key.path("kid").asText();
                boolean known = keys.put(id, publicKey(key)) != null;
                if (id.isEmpty() || known) {
                    throw new IllegalArgumentException("no kid, or the same twice");
                }
            }
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("empty");
            }
            return new RequestVerifier(keys, nonces, clock);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the callers' keys are not a JWK Set of Ed25519 keys with kid");
        }
    }

    private static Ed25519Verify publicKey(JsonNode key) {
        if (!key.path("kty").asText().equals("OKP") || !key.path("crv").asText().equals("Ed25519") || key.has("d")) {
            // A private half has no business here: who can read these settings could then call in another's name.
            throw new IllegalArgumentException("not a public Ed25519 key");
        }
        return new Ed25519Verify(Base64.getUrlDecoder().decode(key.path("x").asText()));
    }

    /** Returns empty if the call is genuine, fresh and new. */
    public Optional<Refusal> judge(Received call) {
        if (call.signatureInput() == null || call.signature() == null || call.contentDigest() == null) {
            return Optional.of(Refusal.MISSING);
        }
        Matcher input = INPUT.matcher(call.signatureInput());
        Matcher signature = SIGNATURE.matcher(call.signature());
        if (!input.matches() || !signature.matches()) {
            return Optional.of(Refusal.MALFORMED);
        }
        Ed25519Verify key = keys.get(input.group("keyid"));
        if (key == null) {
            return Optional.of(Refusal.UNKNOWN_KEY);
        }
        Instant created = Instant.ofEpochSecond(Long.parseLong(input.group("created")));
        Instant expires = Instant.ofEpochSecond(Long.parseLong(input.group("expires")));
        if (!fresh(created, expires)) {
            return Optional.of(Refusal.EXPIRED);
        }
        byte[] digest = SignatureBase.digest(call.body()).getBytes(StandardCharsets.UTF_8);
        if (!Digests.equal(digest, call.contentDigest().getBytes(StandardCharsets.UTF_8))) {
            return Optional.of(Refusal.BODY_CHANGED);
        }
        SignatureBase base = SignatureBase.of(
                call.method(),
                call.authority().toLowerCase(java.util.Locale.ROOT),
                call.path(),
                call.query(),
                call.contentDigest(),
                call.contentType() == null ? "" : call.contentType(),
                call.headers());
        if (!input.group("names").equals(base.names())) {
            return Optional.of(Refusal.COVERAGE);
        }
        if (!genuine(key, signature.group("value"), base.text(input.group("params")))) {
            return Optional.of(Refusal.FORGED);
        }
        // Last, so that only genuine calls can fill the store.
        boolean first = nonces.firstUse(input.group("nonce"), expires.plus(SKEW));
        return first ? Optional.empty() : Optional.of(Refusal.REPLAYED);
    }

    private boolean fresh(Instant created, Instant expires) {
        Instant now = clock.instant();
        return !created.isAfter(now.plus(SKEW))
                && now.isBefore(expires.plus(SKEW))
                && !expires.isAfter(created.plus(Profile.LIFETIME));
    }

    private static boolean genuine(Ed25519Verify key, String signature, String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(signature);
            if (!Base64.getEncoder().encodeToString(bytes).equals(signature)) {
                // The last digit has bits that the decoder drops, so that one signature could be written in several
                // ways.
                return false;
            }
            key.verify(bytes, text.getBytes(StandardCharsets.UTF_8));
            return true;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }
}
