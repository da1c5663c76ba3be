package io.vitals.whoop.webhook;

import io.vitals.kit.config.Secret;
import io.vitals.whoop.support.Parser;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What reads deliveries. */
public final class WebhookParsers {
    private static final WebhookSignature SIGNATURE =
            new WebhookSignature(List.of(Secret.of("secret")), Duration.ofHours(2), Clock.systemUTC());

    private WebhookParsers() {}

    public static List<Parser> all() {
        return List.of(bytes -> Event.read(bytes, Instant.EPOCH), WebhookParsers::signature);
    }

    /** The two headers, one a line. */
    private static void signature(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\n", 2);
        SIGNATURE.judge(List.of(lines[0]), List.of(lines[lines.length - 1]), new byte[0]);
    }
}
