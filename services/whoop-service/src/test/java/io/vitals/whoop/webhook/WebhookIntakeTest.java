package io.vitals.whoop.webhook;

import io.vitals.kit.json.Json;
import io.vitals.whoop.records.Owner;
import io.vitals.whoop.support.EventBodies;
import io.vitals.whoop.webhook.WebhookSignatureTest.Delivery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import static org.assertj.core.api.Assertions.assertThat;

/** Deliveries through the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookIntakeTest {
    private static final int CONNECTIONS = 8;
    private static final int FORGERIES = Integer.getInteger("vitals.webhook.http-forgeries", 2_000);
    private static final int REPLAYS = Integer.getInteger("vitals.webhook.replays", 3_000);

    private WebhookFeature feature;

    @BeforeAll
    void start() {
        feature = new WebhookFeature();
    }

    @AfterAll
    void stop() {
        feature.close();
    }

    @Test
    void noForgeryComesThroughTheWire() throws Exception {
        Random random = new Random(20_260_302L);
        AtomicInteger controls = new AtomicInteger();
        double refusedBefore = feature.counted("whoop.webhook.received", "type", "other", "outcome", "bad_signature");
        Map<Integer, Integer> answers = fromAllConnections(FORGERIES, () -> {
            synchronized (random) {
                Delivery genuine = Delivery.signed(random, WebhookFeature.SECRET, feature.now());
                if (random.nextInt(20) == 0) {
                    controls.incrementAndGet();
                    return genuine;
                }
                Delivery forged;
                do {
                    forged = Forgeries.of(genuine, random);
                } while (!sendable(forged));
                return forged;
            }
        });

        // The positive control: exactly the unspoilt ones among them were taken.
        assertThat(answers).containsOnlyKeys(204, 401).containsEntry(204, controls.get());
        assertThat(controls.get()).isPositive();
        assertThat(feature.number("SELECT count(*) FROM webhook_inbox WHERE whoop_user_id < 1000000 AND object_id <> '"
                        + new UUID(5, 5) + "'"))
                .isGreaterThanOrEqualTo(controls.get());
        assertThat(feature.counted("whoop.webhook.received", "type", "other", "outcome", "bad_signature")
                        - refusedBefore)
                .isEqualTo(FORGERIES - controls.get());
    }

    @Test
    void aDeliveryReplayedThousandsOfTimesIsOneRowAndOneFetch() throws Exception {
        Owner owner = feature.linked();
        UUID sleep = new UUID(5, 5);
        feature.whoop.putSleep(owner.whoopUserId(), sleep, 500, 1);
        Delivery delivery = delivery(owner.whoopUserId(), sleep, UUID.randomUUID());
        double fresh = feature.counted("whoop.webhook.received", "type", "sleep.updated", "outcome", "accepted");
        double again = feature.counted("whoop.webhook.received", "type", "sleep.updated", "outcome", "duplicate");

        assertThat(fromAllConnections(REPLAYS, () -> delivery)).isEqualTo(Map.of(204, REPLAYS));
        feature.drain();

        assertThat(feature.number("SELECT count(*) FROM webhook_inbox WHERE object_id = '" + sleep + "'"))
                .isEqualTo(1);
        assertThat(fetches(sleep)).isEqualTo(1);
        assertThat(feature.counted("whoop.webhook.received", "type", "sleep.updated", "outcome", "accepted") - fresh)
                .isEqualTo(1);
        assertThat(feature.counted("whoop.webhook.received", "type", "sleep.updated", "outcome", "duplicate") - again)
                .isEqualTo(REPLAYS - 1);
        // The positive control: it is the trace id that makes them one.
        assertThat(fromAllConnections(16, () -> delivery(owner.whoopUserId(), sleep, UUID.randomUUID())))
                .isEqualTo(Map.of(204, 16));
        assertThat(feature.number("SELECT count(*) FROM webhook_inbox WHERE object_id = '" + sleep + "'"))
                .isEqualTo(17);
        feature.drain();
        assertThat(fetches(sleep)).isEqualTo(2);
    }

    @Test
    void aDeliverySignedWithTheSecretBeforeIsTakenAndCounted() throws Exception {
        double before = feature.counted("whoop.webhook.signed", "secret", "previous");
        Delivery delivery = Delivery.signed(new Random(9), WebhookFeature.PREVIOUS, feature.now());
        try (HttpClient http = client()) {
            assertThat(send(http, feature.url(), delivery).statusCode()).isEqualTo(204);
        }
        assertThat(feature.counted("whoop.webhook.signed", "secret", "previous") - before)
                .isEqualTo(1);
    }

    @Test
    void aSignedBodyThatIsNoEventIsRefusedAndCounted() throws Exception {
        String good = EventBodies.event(7, new UUID(1, 1), "sleep.updated", UUID.randomUUID());
        List<String> bodies = List.of(
                "{}",
                "[]",
                "",
                good.replace("\"user_id\":7", "\"user_id\":\"7\""),
                good.replace("\"user_id\":7", "\"user_id\":7.5"),
                good.replace("\"user_id\":7", "\"user_id\":-7"),
                good.replace("\"user_id\":7", "\"user_id\":99999999999999999999"),
                good.replace("\"user_id\":7", "\"user_id\":7,\"user_id\":8"),
                good.replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"../../v2/user/access\""),
                good.replaceAll("\"id\":\"[^\"]*\"", "\"id\":\"1-1-1-1-1\""),
                good.replaceAll("\"id\":\"[^\"]*\"", "\"id\":null"),
                good.replaceAll("\"trace_id\":\"[^\"]*\"", "\"trace_id\":\"\""),
                good.replaceAll("\"trace_id\":\"[^\"]*\"", "\"trace_id\":12"),
                good.replace("sleep.updated", "SLEEP"),
                good + good);
        double before = feature.counted("whoop.webhook.received", "type", "other", "outcome", "malformed");
        try (HttpClient http = client()) {
            for (String body : bodies) {
                assertThat(send(http, feature.url(), signed(body)).statusCode())
                        .as(body)
                        .isEqualTo(400);
            }
            assertThat(feature.counted("whoop.webhook.received", "type", "other", "outcome", "malformed") - before)
                    .isEqualTo(bodies.size());
            // The positive control.
            assertThat(send(http, feature.url(), signed(good)).statusCode()).isEqualTo(204);
        }
    }

    @Test
    void aBodyOfMoreThan64KibIsRefusedHoweverItIsSent() throws Exception {
        String event = EventBodies.event(7, new UUID(1, 1), "sleep.updated", UUID.randomUUID());
        String most = event + " ".repeat(64 * 1024 - event.length());
        try (HttpClient http = client()) {
            assertThat(send(http, feature.url(), signed(most)).statusCode()).isEqualTo(204);
            Delivery more = signed(most + " ");
            assertThat(send(http, feature.url(), more).statusCode()).isEqualTo(413);
            HttpRequest chunked = request(more)
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(more.body())))
                    .build();
            assertThat(http.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(413);
        }
    }

    @Test
    void aFloodIsTurnedAwayUnreadWithTheTimeToComeBack() throws Exception {
        try (WebhookFeature narrow = new WebhookFeature(new WebhookSettings.Limits(1, 5, 1000, 1000, List.of()));
                HttpClient http = client()) {
            // Bad signatures, so that only the limit can tell the two kinds of refusal apart.
            Delivery forged = signed("{}").withBody("{ }".getBytes(StandardCharsets.UTF_8));
            Map<Integer, Integer> answers = new TreeMap<>();
            List<HttpResponse<String>> refused = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                HttpResponse<String> answer = send(http, narrow.url(), forged);
                answers.merge(answer.statusCode(), 1, Integer::sum);
                if (answer.statusCode() == 429) {
                    refused.add(answer);
                }
            }

            assertThat(answers).containsOnlyKeys(401, 429);
            int judged = answers.getOrDefault(401, 0);
            assertThat(judged).isGreaterThanOrEqualTo(5);
            assertThat(refused).isNotEmpty().allSatisfy(answer -> {
                assertThat(Integer.parseInt(
                                answer.headers().firstValue("Retry-After").orElseThrow()))
                        .isPositive();
                assertThat(Json.tree(answer.body().getBytes(StandardCharsets.UTF_8))
                                .path("type")
                                .asText())
                        .isEqualTo("urn:vitals:problem:rate-limited");
            });
            assertThat(narrow.counted("whoop.webhook.limited", "scope", "source"))
                    .isEqualTo(refused.size());
            assertThat(narrow.counted("whoop.webhook.received", "type", "other", "outcome", "bad_signature"))
                    .isEqualTo(judged);
        }
    }

    private long fetches(UUID id) {
        return feature.whoop.calls().stream()
                .filter(path -> path.endsWith(id.toString()))
                .count();
    }

    private Delivery delivery(long user, UUID object, UUID trace) {
        return signed(EventBodies.event(user, object, "sleep.updated", trace));
    }

    private Delivery signed(String body) {
        return Delivery.of(
                WebhookFeature.SECRET,
                Long.toString(feature.now().toEpochMilli()),
                body.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends from several connections at once; returns how often each status was answered. */
    private Map<Integer, Integer> fromAllConnections(int deliveries, Supplier<Delivery> next) throws Exception {
        AtomicInteger left = new AtomicInteger(deliveries);
        Callable<Map<Integer, Integer>> sender = () -> {
            Map<Integer, Integer> answers = new TreeMap<>();
            try (HttpClient http = client()) {
                while (left.getAndDecrement() > 0) {
                    answers.merge(send(http, feature.url(), next.get()).statusCode(), 1, Integer::sum);
                }
            }
            return answers;
        };
        Map<Integer, Integer> all = new TreeMap<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Map<Integer, Integer>>> senders = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                senders.add(sender);
            }
            for (Future<Map<Integer, Integer>> answers : threads.invokeAll(senders)) {
                answers.get().forEach((status, count) -> all.merge(status, count, Integer::sum));
            }
        }
        return all;
    }

    /** Blanks around a header's value are no part of it, and some characters cannot be in one at all. */
    private static boolean sendable(Delivery delivery) {
        List<String> values = new ArrayList<>(delivery.timestamps());
        values.addAll(delivery.signatures());
        return values.stream().allMatch(value -> value.equals(value.strip()) && value.matches("[\\x20-\\x7e]*"));
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private HttpRequest.Builder request(Delivery delivery) {
        return request(feature.url(), delivery);
    }

    private static HttpRequest.Builder request(java.net.URI url, Delivery delivery) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Content-Type", "application/json");
        delivery.signatures().forEach(value -> request.header("X-WHOOP-Signature", value));
        delivery.timestamps().forEach(value -> request.header("X-WHOOP-Signature-Timestamp", value));
        return request;
    }

    private static HttpResponse<String> send(HttpClient http, java.net.URI url, Delivery delivery) throws Exception {
        return http.send(
                request(url, delivery)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
