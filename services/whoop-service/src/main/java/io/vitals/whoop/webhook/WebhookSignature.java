package io.vitals.whoop.webhook;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * WHOOP signs base64(HMAC-SHA-256(client secret, timestamp text ‖ raw body)), the timestamp in milliseconds. It repeats a delivery for about
 * an hour, perhaps under the first timestamp, so the accepted skew is wide; the trace id stops replays.
 */
final class WebhookSignature {
    private static final Pattern MILLIS = Pattern.compile("\\d{1,15}");

    private final Secret secret;
    private final Duration maxSkew;
    private final Clock clock;

    /** What a delivery turned out to be. */
    sealed interface Verdict {
        record Genuine(Instant sentAt) implements Verdict {}

        /** Not signed by WHOOP. */
        record Forged() implements Verdict {}

        /** Signed by WHOOP, but too long ago or in the future. */
        record Stale() implements Verdict {}
    }

    WebhookSignature(Secret secret, Duration maxSkew, Clock clock) {
        this.secret = secret;
        this.maxSkew = maxSkew;
        this.clock = clock;
    }

    Verdict judge(@Nullable String timestamp, @Nullable String signature, byte[] body) {
        if (timestamp == null || signature == null || !MILLIS.matcher(timestamp).matches()) {
            return new Verdict.Forged();
        }
        byte[] claimed;
        try {
            claimed = Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException _) {
            return new Verdict.Forged();
        }
        byte[] expected = Digests.hmacSha256(secret, timestamp.getBytes(StandardCharsets.US_ASCII), body);
        if (!Digests.equal(expected, claimed)) {
            return new Verdict.Forged();
        }
        Instant sentAt = Instant.ofEpochMilli(Long.parseLong(timestamp));
        Duration age = Duration.between(sentAt, clock.instant()).abs();
        return age.compareTo(maxSkew) > 0 ? new Verdict.Stale() : new Verdict.Genuine(sentAt);
    }
}
