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

/** Deliveries as WHOOP makes them. */
public final class SignedWebhooks {
    public static final String PATH = "/webhooks/whoop";
    public static final String TIMESTAMP = "X-WHOOP-Signature-Timestamp";
    public static final String SIGNATURE = "X-WHOOP-Signature";

    private final SecretKeySpec key;

    /** Signs with the client secret of the file. */
    public SignedWebhooks(Path clientSecret) throws IOException {
        this.key = new SecretKeySpec(
                Files.readString(clientSecret).strip().getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /**
     * A delivery.
     *
     * @param timestamp of the signature, as its header says it
     */
    public record Delivery(String body, String timestamp, String signature) {
        /** As a whole HTTP request. */
        public byte[] request() {
            return ("POST " + PATH
                            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                            + body.length() + "\r\n" + TIMESTAMP + ": " + timestamp + "\r\n" + SIGNATURE + ": "
                            + signature + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** A delivery signed now, with a trace id of its own. */
    public Delivery sign(Occasion occasion) {
        String body = "{\"user_id\":" + occasion.userId() + ",\"id\":\"" + occasion.object() + "\",\"type\":\""
                + occasion.type() + "\",\"trace_id\":\"" + UUID.randomUUID() + "\"}";
        String timestamp = Long.toString(System.currentTimeMillis());
        return new Delivery(body, timestamp, signature(timestamp + body));
    }

    /** The same as a whole HTTP request. */
    public byte[] delivery(Occasion occasion) {
        return sign(occasion).request();
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
