package io.vitals.loadtest;

import io.vitals.sandbox.launcher.Stack;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Base64;
import java.util.UUID;

/**
 * How many WHOOP webhooks a second are accepted, each with its inbox row on disk before the answer. The events are of
 * nobody known, so that the figure is the intake's alone.
 */
final class WebhookBench {
    private static final int CONNECTIONS = 32;

    private final Stack stack;
    private final Path clientSecret;
    private final double seconds;
    private final Report report;

    WebhookBench(Stack stack, Path clientSecret, double seconds, Report report) {
        this.stack = stack;
        this.clientSecret = clientSecret;
        this.seconds = seconds;
        this.report = report;
    }

    void run() throws Exception {
        SecretKeySpec key = new SecretKeySpec(
                Files.readString(clientSecret).strip().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        LoadGenerator load = new LoadGenerator(stack.ports().whoopPublic(), CONNECTIONS);
        long before = inboxRows();
        Figures warmUp = load.run(seconds, 204, n -> webhook(key));
        Figures figures = load.run(seconds, 204, n -> webhook(key));
        long accepted = warmUp.sortedNanos().length + (long) figures.sortedNanos().length;
        report.row(
                "webhooks accepted and durable, /s at %d connections".formatted(CONNECTIONS),
                "%.0f".formatted(figures.perSecond()));
        report.row(
                "webhook accept, p50 / p99 ms",
                "%.2f / %.2f".formatted(figures.quantileMillis(0.5), figures.quantileMillis(0.99)));
        report.row("webhooks answered 204 / rows in the inbox", accepted + " / " + (inboxRows() - before));
    }

    private long inboxRows() throws Exception {
        try (Connection connection = stack.whoopDatabase().connectAsOwner();
                ResultSet rows = connection.createStatement().executeQuery("SELECT count(*) FROM webhook_inbox")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static byte[] webhook(SecretKeySpec key) {
        String body = "{\"user_id\":999999999,\"id\":\"" + UUID.randomUUID()
                + "\",\"type\":\"sleep.updated\",\"trace_id\":\"" + UUID.randomUUID() + "\"}";
        String timestamp = Long.toString(System.currentTimeMillis());
        return ("POST /webhooks/whoop HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\nX-WHOOP-Signature-Timestamp: " + timestamp + "\r\nX-WHOOP-Signature: "
                        + signature(key, timestamp + body) + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String signature(SecretKeySpec key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
