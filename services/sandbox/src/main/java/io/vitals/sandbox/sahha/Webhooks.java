package io.vitals.sandbox.sahha;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends events one after the other. No public page tells of retries, so a failed delivery is lost. */
final class Webhooks implements AutoCloseable {
    private static final int REMEMBERED = 1000;

    private final URI target;
    private final String secret;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("sahha-webhooks").factory());
    private final AtomicInteger toDrop = new AtomicInteger();
    private final AtomicInteger toDuplicate = new AtomicInteger();
    private final Deque<SahhaControl.Delivery> deliveries = new ArrayDeque<>();

    Webhooks(URI target, String secret) {
        this.target = target;
        this.secret = secret;
    }

    void send(String eventType, String externalId, Map<String, Object> document) {
        byte[] body;
        try {
            body = json.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        send(eventType, externalId, body, sign(secret, body));
    }

    void send(String eventType, String externalId, byte[] body, String signature) {
        sender.execute(() -> deliver(eventType, externalId, body, signature));
    }

    void drop(int events) {
        toDrop.set(events);
    }

    void duplicate(int events) {
        toDuplicate.set(events);
    }

    List<SahhaControl.Delivery> deliveries() {
        synchronized (deliveries) {
            return List.copyOf(deliveries);
        }
    }

    private void deliver(String eventType, String externalId, byte[] body, String signature) {
        if (take(toDrop)) {
            remember(new SahhaControl.Delivery(eventType, externalId, SahhaControl.Delivery.DROPPED));
            return;
        }
        int times = take(toDuplicate) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            remember(new SahhaControl.Delivery(eventType, externalId, post(eventType, externalId, body, signature)));
        }
    }

    private int post(String eventType, String externalId, byte[] body, String signature) {
        var request = HttpRequest.newBuilder(target)
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .header("X-Signature", signature)
                .header("X-External-Id", externalId)
                .header("X-Event-Type", eventType)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return SahhaControl.Delivery.NOT_REACHED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return SahhaControl.Delivery.NOT_REACHED;
        }
    }

    private void remember(SahhaControl.Delivery delivery) {
        synchronized (deliveries) {
            if (deliveries.size() == REMEMBERED) {
                deliveries.removeFirst();
            }
            deliveries.addLast(delivery);
        }
    }

    private static boolean take(AtomicInteger left) {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    /** Lower-case hex of HMAC-SHA256 over the raw body; the key is the secret's text, not its Base64 meaning. */
    static String sign(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        sender.shutdownNow();
        client.shutdownNow();
    }
}
