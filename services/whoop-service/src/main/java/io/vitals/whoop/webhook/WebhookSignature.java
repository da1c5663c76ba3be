package io.vitals.whoop.webhook;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * WHOOP signs base64(HMAC-SHA-256(client secret, timestamp text ‖ raw body)), the timestamp in milliseconds. It repeats a delivery for about
 * an hour, perhaps under the first timestamp, so the accepted skew is wide; the trace id stops replays.
 */
final class WebhookSignature {
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
    private static final int HMAC_BYTES = 32;

    private final List<Secret> secrets;
    private final Duration maxSkew;
    private final Clock clock;

    /** What a delivery turned out to be. */
    sealed interface Verdict {
        /**
         * Signed by WHOOP.
         *
         * @param secret which of the secrets it was signed with
         */
        record Genuine(Instant sentAt, int secret) implements Verdict {}

        /** Not signed by WHOOP. */
        record Forged() implements Verdict {}

        /** Signed by WHOOP, but too long ago or in the future. */
        record Stale() implements Verdict {}
    }

    /**
     * @param secrets those that are taken; more than one while WHOOP's app changes from one to the next
     */
    WebhookSignature(List<Secret> secrets, Duration maxSkew, Clock clock) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("nothing can be verified without a secret");
        }
        this.secrets = List.copyOf(secrets);
        this.maxSkew = maxSkew;
        this.clock = clock;
    }

    /** Judges a delivery by all values of its two headers and its body as received. */
    Verdict judge(List<String> timestamps, List<String> signatures, byte[] body) {
        // A header that comes twice could be read in two ways, so it counts as none.
        if (timestamps.size() != 1 || signatures.size() != 1) {
            return new Verdict.Forged();
        }
        String timestamp = timestamps.getFirst();
        byte[] claimed = decoded(signatures.getFirst());
        if (claimed == null || !MILLIS.matcher(timestamp).matches()) {
            return new Verdict.Forged();
        }
        int signedWith = -1;
        for (int i = 0; i < secrets.size(); i++) {
            // All are tried whichever fits, so that the time taken does not tell.
            byte[] expected = Digests.hmacSha256(secrets.get(i), timestamp.getBytes(StandardCharsets.US_ASCII), body);
            if (Digests.equal(expected, claimed)) {
                signedWith = i;
            }
        }
        if (signedWith < 0) {
            return new Verdict.Forged();
        }
        Instant sentAt = Instant.ofEpochMilli(Long.parseLong(timestamp));
        Duration age = Duration.between(sentAt, clock.instant()).abs();
        return age.compareTo(maxSkew) > 0 ? new Verdict.Stale() : new Verdict.Genuine(sentAt, signedWith);
    }

    /** Null unless it is exactly what an encoder writes for an HMAC: the decoder lets missing padding and stray last bits pass. */
    private static byte @Nullable [] decoded(String signature) {
        try {
            byte[] bytes = Base64.getDecoder().decode(signature);
            boolean canonical = bytes.length == HMAC_BYTES
                    && Base64.getEncoder().encodeToString(bytes).equals(signature);
            return canonical ? bytes : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
