package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.sandbox.member.MemberEvent;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends signed events to every target, with one sender one after the other, and tries again what was not answered with 2xx.
 * A retry carries the timestamp and signature of the first attempt.
 */
final class Webhooks implements AutoCloseable {
    private static final int MAX_WAITING = 10_000;

    private final WhoopSimulatorConfig config;
    private final Clock clock;
    private final SecureRandom random;
    private final HttpClient client;
    private final ExecutorService sender;
    private final ScheduledThreadPoolExecutor retries =
            new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().factory());
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger delivered = new AtomicInteger();
    private final AtomicInteger failedAttempts = new AtomicInteger();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final AtomicInteger dropped = new AtomicInteger();
    private volatile List<URI> targets;
    private volatile WebhookSettings settings = WebhookSettings.HONEST;
    private volatile DeliveryRecorder recorder = DeliveryRecorder.NONE;

    private record Delivery(UUID trace, URI target, String body, String timestamp, String signature) {}

    /** Figures since the start. */
    record Figures(int delivered, int failedAttempts, int givenUp, int dropped, int waiting) {}

    Webhooks(WhoopSimulatorConfig config, Clock clock, SecureRandom random) {
        this.config = config;
        this.clock = clock;
        this.random = random;
        targets = config.webhookTargets();
        sender = Executors.newFixedThreadPool(
                config.webhookSenders(), Thread.ofVirtual().factory());
        client = HttpClient.newBuilder()
                .connectTimeout(config.webhookTimeout())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        retries.setRemoveOnCancelPolicy(true);
    }

    void targets(List<URI> newTargets) {
        targets = List.copyOf(newTargets);
    }

    List<URI> targets() {
        return targets;
    }

    void settings(WebhookSettings newSettings) {
        settings = newSettings;
    }

    WebhookSettings settings() {
        return settings;
    }

    void recorder(DeliveryRecorder newRecorder) {
        recorder = newRecorder;
    }

    Figures figures() {
        return new Figures(delivered.get(), failedAttempts.get(), givenUp.get(), dropped.get(), waiting.get());
    }

    /** Sends what happened together to a member. */
    void send(long userId, List<MemberEvent> events) {
        WebhookSettings now = settings;
        List<MemberEvent> ordered = now.reorder() ? events.reversed() : events;
        for (MemberEvent event : ordered) {
            String type = event.change().name().toLowerCase(Locale.ROOT).replace('_', '.');
            send(userId, event.record(), type, trace(), now);
        }
    }

    /** Sends one event of any type, also one that WHOOP would not send. */
    void send(long userId, UUID record, String type, UUID trace, WebhookSettings how) {
        if (how.drop()) {
            dropped.incrementAndGet();
            return;
        }
        ObjectNode body = WhoopJson.object();
        body.put("user_id", userId);
        body.put("id", record.toString());
        body.put("type", type);
        body.put("trace_id", trace.toString());
        String text = body.toString();
        String timestamp = Long.toString(clock.millis());
        String secret = how.badSignature() ? config.clientSecret() + "?" : config.clientSecret();
        String signature = Hashes.signature(secret, timestamp, text);
        for (URI target : targets) {
            for (int copy = 0; copy <= how.copies(); copy++) {
                recorder.sending(trace);
                enqueue(new Delivery(trace, target, text, timestamp, signature), 0);
            }
        }
    }

    /** New in every run: receivers drop a trace id that they have seen. */
    private UUID trace() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    private void enqueue(Delivery delivery, int attempt) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            giveUp(delivery);
            return;
        }
        try {
            sender.execute(() -> attempt(delivery, attempt));
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
        }
    }

    private void attempt(Delivery delivery, int attempt) {
        waiting.decrementAndGet();
        DeliveryRecorder.Outcome outcome = deliver(delivery);
        recorder.attempted(delivery.trace, outcome);
        if (outcome == DeliveryRecorder.Outcome.ACCEPTED) {
            delivered.incrementAndGet();
            return;
        }
        failedAttempts.incrementAndGet();
        List<Duration> waits = config.webhookRetries();
        if (attempt >= waits.size()) {
            giveUp(delivery);
            return;
        }
        long millis = (long) (waits.get(attempt).toMillis() * config.webhookTimeFactor());
        try {
            var _ = retries.schedule(() -> enqueue(delivery, attempt + 1), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            giveUp(delivery);
        }
    }

    private void giveUp(Delivery delivery) {
        givenUp.incrementAndGet();
        recorder.gaveUp(delivery.trace);
    }

    private DeliveryRecorder.Outcome deliver(Delivery delivery) {
        HttpRequest request = HttpRequest.newBuilder(delivery.target)
                .timeout(config.webhookTimeout())
                .header("Content-Type", "application/json")
                .header("X-WHOOP-Signature", delivery.signature)
                .header("X-WHOOP-Signature-Timestamp", delivery.timestamp)
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body))
                .build();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300 ? DeliveryRecorder.Outcome.ACCEPTED : DeliveryRecorder.Outcome.REFUSED;
        } catch (ConnectException e) {
            return DeliveryRecorder.Outcome.NOT_SENT;
        } catch (IOException e) {
            return DeliveryRecorder.Outcome.UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DeliveryRecorder.Outcome.UNKNOWN;
        }
    }

    @Override
    public void close() {
        List<Runnable> left = new ArrayList<>(retries.shutdownNow());
        left.addAll(sender.shutdownNow());
        waiting.addAndGet(-left.size());
        client.shutdownNow();
    }
}
