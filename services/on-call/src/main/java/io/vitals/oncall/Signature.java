package io.vitals.oncall;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Signs hex(HMAC-SHA-256(key, timestamp ‖ "." ‖ body)), the timestamp in seconds, and judges what was signed so. */
final class Signature {
    static final String TIMESTAMP = "X-OnCall-Timestamp";
    static final String SIGNATURE = "X-OnCall-Signature";

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private final Secret key;
    private final Duration window;
    private final Clock clock;

    Signature(Secret key, Duration window, Clock clock) {
        this.key = key;
        this.window = window;
        this.clock = clock;
    }

    /** When it was signed; empty if not with the key, or too far from now. */
    Optional<Instant> judge(List<String> timestamps, List<String> signatures, byte[] body) {
        // A header that comes twice could be read in two ways, so it counts as none.
        if (timestamps.size() != 1 || signatures.size() != 1) {
            return Optional.empty();
        }
        String timestamp = timestamps.getFirst();
        String claimed = signatures.getFirst();
        if (!SECONDS.matcher(timestamp).matches() || !HEX.matcher(claimed).matches()) {
            return Optional.empty();
        }
        if (!Digests.equal(mac(key, timestamp, body), HexFormat.of().parseHex(claimed))) {
            return Optional.empty();
        }
        Instant sentAt = Instant.ofEpochSecond(Long.parseLong(timestamp));
        Duration age = Duration.between(sentAt, clock.instant()).abs();
        return age.compareTo(window) > 0 ? Optional.empty() : Optional.of(sentAt);
    }

    static String sign(Secret key, String timestamp, byte[] body) {
        return HexFormat.of().formatHex(mac(key, timestamp, body));
    }

    private static byte[] mac(Secret key, String timestamp, byte[] body) {
        return Digests.hmacSha256(key, (timestamp + ".").getBytes(StandardCharsets.US_ASCII), body);
    }
}
