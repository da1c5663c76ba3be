package io.vitals.whoop.webhook;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.whoop.support.EventBodies;
import io.vitals.whoop.webhook.WebhookSignature.Verdict;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;

class WebhookSignatureTest {
    private static final int FORGERIES = Integer.getInteger("vitals.webhook.forgeries", 120_000);
    private static final Instant NOW = Instant.parse("2025-05-26T06:34:01Z");
    private static final Secret SECRET = Secret.of("test-client-secret");
    private static final Secret PREVIOUS = Secret.of("test-client-secret-before");

    private final WebhookSignature signature = signature(NOW, SECRET, PREVIOUS);

    @Test
    void whoopsOwnWayOfSigningIsUnderstood() {
        byte[] body = bytes(
                "{\"user_id\":10129,\"id\":\"ecfc6a15-4661-442f-a9a4-f160dd7afae8\",\"type\":\"sleep.updated\",\"trace_id\":\"e369c784-5100-49e8-8098-75d35c47b31b\"}");

        assertThat(signature.judge(
                        List.of("1748241241000"), List.of("jxyIeoYVFjA1krHgN0rPNiKO4/RDLnwde673MGxxMmM="), body))
                .isEqualTo(new Verdict.Genuine(Instant.ofEpochMilli(1_748_241_241_000L), 0));
    }

    @Test
    void noForgeryOfADeliveryIsTaken() {
        long seed = Long.getLong("vitals.webhook.forgery-seed", 20_260_301L);
        Random random = new Random(seed);
        int accepted = 0;
        int controls = 0;
        for (int i = 0; i < FORGERIES; i++) {
            Delivery genuine = Delivery.signed(random, random.nextBoolean() ? SECRET : PREVIOUS, NOW);
            Delivery forged = Forgeries.of(genuine, random);
            assertThat(forged).isNotEqualTo(genuine);
            accepted +=
                    signature.judge(forged.timestamps(), forged.signatures(), forged.body()) instanceof Verdict.Genuine
                            ? 1
                            : 0;
            // The positive control: unspoilt it is taken, so it was the forgery that was refused.
            controls += signature.judge(genuine.timestamps(), genuine.signatures(), genuine.body())
                            instanceof Verdict.Genuine
                    ? 1
                    : 0;
        }

        assertThat(accepted).as("forgeries accepted with seed %s", seed).isZero();
        assertThat(controls).isEqualTo(FORGERIES);
    }

    @Test
    void nothingButTheSignatureStopsAForgery() {
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            Delivery genuine = Delivery.signed(random, SECRET, NOW);
            byte[] altered = Forgeries.alteredBody(genuine.body(), random);
            Delivery signedAgain = Delivery.of(SECRET, genuine.timestamps().getFirst(), altered);

            assertThat(signature.judge(genuine.timestamps(), genuine.signatures(), altered))
                    .isInstanceOf(Verdict.Forged.class);
            assertThat(signature.judge(signedAgain.timestamps(), signedAgain.signatures(), altered))
                    .isInstanceOf(Verdict.Genuine.class);
        }
    }

    @Test
    void anEncodingThatOnlyDecodesToTheSignatureIsNotTheSignature() {
        Delivery genuine = Delivery.signed(new Random(1), SECRET, NOW);
        String text = genuine.signatures().getFirst();
        byte[] decoded = Base64.getDecoder().decode(text);
        String unpadded = text.substring(0, text.length() - 1);
        String strayBits = Forgeries.strayLastBits(text);

        // The control: a lenient decoder takes all of them for the same bytes.
        assertThat(Base64.getDecoder().decode(unpadded)).isEqualTo(decoded);
        assertThat(Base64.getDecoder().decode(strayBits)).isEqualTo(decoded);
        for (String other : List.of(unpadded, strayBits, text + "=", " " + text, text + "\n")) {
            assertThat(signature.judge(genuine.timestamps(), List.of(other), genuine.body()))
                    .isInstanceOf(Verdict.Forged.class);
        }
    }

    @Test
    void duringARotationBothSecretsAreTakenAndAfterwardsTheOldOneIsNot() {
        Delivery old = Delivery.signed(new Random(2), PREVIOUS, NOW);

        assertThat(judge(signature, old)).isEqualTo(new Verdict.Genuine(NOW, 1));
        assertThat(judge(signature, Delivery.signed(new Random(3), SECRET, NOW)))
                .isEqualTo(new Verdict.Genuine(NOW, 0));
        assertThat(judge(signature(NOW, SECRET), old)).isInstanceOf(Verdict.Forged.class);
    }

    @Test
    void aDeliveryOutsideOfTheSkewIsStaleOnBothSidesAndInsideItIsNot() {
        Delivery delivery = Delivery.signed(new Random(4), SECRET, NOW);
        Duration skew = Duration.ofHours(24);

        assertThat(judge(signature(NOW.plus(skew), SECRET), delivery)).isInstanceOf(Verdict.Genuine.class);
        assertThat(judge(signature(NOW.minus(skew), SECRET), delivery)).isInstanceOf(Verdict.Genuine.class);
        assertThat(judge(signature(NOW.plus(skew).plusMillis(1), SECRET), delivery))
                .isInstanceOf(Verdict.Stale.class);
        assertThat(judge(signature(NOW.minus(skew).minusMillis(1), SECRET), delivery))
                .isInstanceOf(Verdict.Stale.class);
    }

    private static Verdict judge(WebhookSignature signature, Delivery delivery) {
        return signature.judge(delivery.timestamps(), delivery.signatures(), delivery.body());
    }

    private static WebhookSignature signature(Instant now, Secret... secrets) {
        return new WebhookSignature(List.of(secrets), Duration.ofHours(24), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A delivery as it arrives: all values of both headers, and the body. */
    record Delivery(List<String> timestamps, List<String> signatures, String text) {
        static Delivery signed(Random random, Secret secret, Instant at) {
            List<EventType> types = List.of(EventType.values());
            String body = EventBodies.event(
                    random.nextInt(1, 1_000_000),
                    new UUID(random.nextLong(), random.nextLong()),
                    types.get(random.nextInt(types.size())).code(),
                    new UUID(random.nextLong(), random.nextLong()));
            return of(secret, Long.toString(at.toEpochMilli()), bytes(body));
        }

        static Delivery of(Secret secret, String timestamp, byte[] body) {
            String signature = Base64.getEncoder()
                    .encodeToString(Digests.hmacSha256(secret, timestamp.getBytes(StandardCharsets.US_ASCII), body));
            return new Delivery(List.of(timestamp), List.of(signature), new String(body, StandardCharsets.ISO_8859_1));
        }

        byte[] body() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }

        Delivery withBody(byte[] other) {
            return new Delivery(timestamps, signatures, new String(other, StandardCharsets.ISO_8859_1));
        }
    }
}
