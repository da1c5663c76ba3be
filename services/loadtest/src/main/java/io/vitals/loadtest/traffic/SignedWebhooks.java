package io.vitals.loadtest.traffic;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.UUID;

/** Deliveries as WHOOP makes them, as whole HTTP requests. */
public final class SignedWebhooks {
    private final SecretKeySpec key;

    /** Signs with the client secret of the file. */
    public SignedWebhooks(Path clientSecret) throws IOException {
        this.key = new SecretKeySpec(
                Files.readString(clientSecret).strip().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /** A delivery signed now, with a trace id of its own. */
    public byte[] delivery(long userId, UUID object, String type) {
        String body = "{\"user_id\":" + userId + ",\"id\":\"" + object + "\",\"type\":\"" + type + "\",\"trace_id\":\""
                + UUID.randomUUID() + "\"}";
        String timestamp = Long.toString(System.currentTimeMillis());
        return ("POST /webhooks/whoop HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length() + "\r\nX-WHOOP-Signature-Timestamp: " + timestamp + "\r\nX-WHOOP-Signature: "
                        + signature(timestamp + body) + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
