package io.vitals.kit.signing;

import io.vitals.kit.signing.RequestVerifier.Received;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Calls of all shapes, and one change to one of them: in any part, as somebody on the way could make it. */
final class Mutations {
    private static final String LETTERS =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+/=?&%. \":;,()@";
    private static final List<String> CONTENT_TYPES = List.of("", "application/json", "text/plain");

    private final Random random;

    Mutations(int seed) {
        random = new Random(seed);
    }

    Received call() {
        byte[] body = random.nextBoolean()
                ? new byte[0]
                : text(1 + random.nextInt(80)).getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new HashMap<>();
        for (String name : Profile.IF_PRESENT) {
            if (random.nextBoolean()) {
                headers.put(name, text(1 + random.nextInt(20)));
            }
        }
        return new Received(
                List.of("GET", "POST", "PUT", "DELETE").get(random.nextInt(4)),
                "whoop-service:8082",
                "/internal/v1/days/" + random.nextInt(1000),
                random.nextBoolean() ? "" : "from=2026-01-01&to=2026-01-0" + random.nextInt(10),
                CONTENT_TYPES.get(random.nextInt(3)),
                null,
                null,
                null,
                headers,
                body);
    }

    /** The same call with one part changed, so that it is another call. */
    Received changed(Received call) {
        while (true) {
            Received other = change(call);
            if (!same(call, other)) {
                return other;
            }
        }
    }

    private Received change(Received c) {
        int part = random.nextInt(10);
        return new Received(
                part == 0 ? edited(c.method()) : c.method(),
                part == 1 ? edited(c.authority()) : c.authority(),
                part == 2 ? edited(c.path()) : c.path(),
                part == 3 ? edited(c.query()) : c.query(),
                part == 4 ? edited(Objects.requireNonNullElse(c.contentType(), "")) : c.contentType(),
                part == 5 ? editedOrGone(c.contentDigest()) : c.contentDigest(),
                part == 6 ? input(c.signatureInput()) : c.signatureInput(),
                part == 7 ? editedOrGone(c.signature()) : c.signature(),
                part == 8 ? headers(c.headers()) : c.headers(),
                part == 9 ? body(c.body()) : c.body());
    }

    private @Nullable String input(@Nullable String input) {
        String text = String.valueOf(input);
        return switch (random.nextInt(6)) {
            case 0 -> text.replace("caller-1", random.nextBoolean() ? "caller-2" : "caller-x");
            case 1 -> shifted(text, "created", random.nextInt(400) - 200);
            case 2 -> shifted(text, "expires", random.nextInt(400) - 200);
            case 3 -> text + ", " + text;
            case 4 -> text.replaceFirst(" \"[a-z@-]+\"", "");
            default -> editedOrGone(text);
        };
    }

    private static String shifted(String text, String parameter, int seconds) {
        String value = text.replaceAll(".*" + parameter + "=(\\d+).*", "$1");
        return text.replace(parameter + "=" + value, parameter + "=" + (Long.parseLong(value) + seconds));
    }

    private Map<String, String> headers(Map<String, String> headers) {
        Map<String, String> other = new HashMap<>(headers);
        String name = Profile.IF_PRESENT.get(random.nextInt(Profile.IF_PRESENT.size()));
        if (other.containsKey(name) && random.nextBoolean()) {
            other.remove(name);
        } else {
            other.merge(
                    name, text(1 + random.nextInt(9)), (old, more) -> random.nextBoolean() ? more : old + ", " + more);
        }
        return other;
    }

    private byte[] body(byte[] body) {
        byte[] other = Arrays.copyOf(body, body.length + random.nextInt(2));
        if (other.length > 0) {
            other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return other;
    }

    private @Nullable String editedOrGone(@Nullable String text) {
        return random.nextInt(50) == 0 ? null : edited(String.valueOf(text));
    }

    /** One character replaced, added or taken away. */
    private String edited(String text) {
        int at = random.nextInt(text.length() + 1);
        String tail = text.substring(at);
        return text.substring(0, at)
                + switch (random.nextInt(3)) {
                    case 0 -> text(1) + tail;
                    case 1 -> tail.isEmpty() ? tail : tail.substring(1);
                    default -> tail.isEmpty() ? text(1) : text(1) + tail.substring(1);
                };
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }

    private static boolean same(Received one, Received other) {
        return one.method().equals(other.method())
                // Hosts are compared without regard to case.
                && one.authority()
                        .toLowerCase(Locale.ROOT)
                        .equals(other.authority().toLowerCase(Locale.ROOT))
                && one.path().equals(other.path())
                && one.query().equals(other.query())
                && Objects.equals(one.contentType(), other.contentType())
                && Objects.equals(one.contentDigest(), other.contentDigest())
                && Objects.equals(one.signatureInput(), other.signatureInput())
                && Objects.equals(one.signature(), other.signature())
                && one.headers().equals(other.headers())
                && Arrays.equals(one.body(), other.body());
    }
}
