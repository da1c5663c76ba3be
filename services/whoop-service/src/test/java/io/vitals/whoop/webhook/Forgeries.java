package io.vitals.whoop.webhook;

import io.vitals.kit.config.Secret;
import io.vitals.whoop.webhook.WebhookSignatureTest.Delivery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Deliveries spoilt in one of many ways; none of them is what WHOOP signed. */
final class Forgeries {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Forgeries() {}

    static Delivery of(Delivery genuine, Random random) {
        Delivery forged;
        do {
            forged = attempt(genuine, random);
        } while (forged.equals(genuine));
        return forged;
    }

    private static Delivery attempt(Delivery d, Random random) {
        String time = d.timestamps().getFirst();
        String signature = d.signatures().getFirst();
        return switch (random.nextInt(22)) {
            case 0, 1, 2 -> d.withBody(alteredBody(d.body(), random));
            case 3 -> d.withBody((d.text() + " ").getBytes(StandardCharsets.ISO_8859_1));
            case 4 -> d.withBody(d.text().replace("\"", "'").getBytes(StandardCharsets.ISO_8859_1));
            case 5 -> d.withBody(d.text().toUpperCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1));
            case 6 -> d.withBody(d.text().getBytes(StandardCharsets.UTF_16BE));
            case 7 -> d.withBody(new byte[0]);
            case 8 -> time(d, Long.toString(Long.parseLong(time) + random.nextInt(-1_000_000, 1_000_000)));
            case 9 -> time(d, "0" + time);
            case 10 -> time(d, List.of("+", "-", " ").get(random.nextInt(3)) + time);
            case 11 -> time(d, time + List.of("0", ".0", "L", "\u0660", "e0").get(random.nextInt(5)));
            case 12 -> time(d, time.substring(1));
            case 13 -> new Delivery(List.of(time, time), d.signatures(), d.text());
            case 14 -> new Delivery(d.timestamps(), List.of(signature, signature), d.text());
            case 15 -> new Delivery(List.of(), d.signatures(), d.text());
            case 16 -> new Delivery(d.timestamps(), List.of(), d.text());
            case 17 -> signature(d, alteredText(signature, random));
            case 18 -> signature(d, strayLastBits(signature));
            case 19 -> signature(d, recoded(signature, random));
            case 20 -> signature(d, signature.substring(0, random.nextInt(signature.length())));
            default -> Delivery.of(Secret.of("guess-" + random.nextLong()), time, d.body());
        };
    }

    private static Delivery time(Delivery d, String time) {
        return new Delivery(List.of(time), d.signatures(), d.text());
    }

    private static Delivery signature(Delivery d, String signature) {
        return new Delivery(d.timestamps(), List.of(signature), d.text());
    }

    /** One bit flipped, one byte taken out, doubled or exchanged. */
    static byte[] alteredBody(byte[] body, Random random) {
        int at = random.nextInt(body.length);
        return switch (random.nextInt(4)) {
            case 0 -> changed(body, at, body[at] ^ (1 << random.nextInt(8)));
            case 1 -> {
                byte[] shorter = Arrays.copyOf(body, body.length - 1);
                System.arraycopy(body, at + 1, shorter, at, body.length - at - 1);
                yield shorter;
            }
            case 2 -> {
                byte[] longer = Arrays.copyOf(body, body.length + 1);
                System.arraycopy(body, at, longer, at + 1, body.length - at);
                yield longer;
            }
            default -> changed(body, at, body[at] + 1 + random.nextInt(254));
        };
    }

    private static byte[] changed(byte[] body, int at, int value) {
        byte[] changed = body.clone();
        changed[at] = (byte) value;
        return changed;
    }

    /** The same bytes for a lenient decoder: the last character has two bits that say nothing. */
    static String strayLastBits(String signature) {
        int last = signature.length() - 2;
        int value = ALPHABET.indexOf(signature.charAt(last));
        return signature.substring(0, last) + ALPHABET.charAt(value ^ 1) + "=";
    }

    private static String alteredText(String signature, Random random) {
        StringBuilder text = new StringBuilder(signature);
        int at = random.nextInt(signature.length() - 1);
        char letter = text.charAt(at);
        char other = random.nextBoolean() && Character.isLetter(letter)
                ? (char) (letter ^ 0x20)
                : ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        text.setCharAt(at, other);
        return text.toString();
    }

    private static String recoded(String signature, Random random) {
        byte[] bytes = Base64.getDecoder().decode(signature);
        return switch (random.nextInt(5)) {
            case 0 -> HexFormat.of().formatHex(bytes);
            case 1 -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            case 2 -> signature.replace("=", "");
            case 3 -> signature + "=";
            default -> "sha256=" + signature;
        };
    }
}
