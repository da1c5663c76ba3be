package io.vitals.health.keys;

import io.vitals.kit.crypto.Digests;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * The text of a key: {@code vitals_}, 256 random bits and a checksum, all letters and digits. A secret scanner finds it by its form, and a
 * mistyped one is known without a question to the database.
 */
final class KeyText {
    static final String PREFIX = "vitals_";

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());
    private static final int RANDOM = 43;
    private static final int CHECKSUM = 6;
    private static final int HINT = 4;

    private KeyText() {}

    static String make(SecureRandom random) {
        byte[] bits = new byte[32];
        random.nextBytes(bits);
        String body = PREFIX + digits(new BigInteger(1, bits), RANDOM);
        return body + checksum(body);
    }

    /** Whether a text claims to be a key at all. */
    static boolean claimed(String text) {
        return text.startsWith(PREFIX);
    }

    /** Whether it is one that could have been made here. */
    static boolean wellFormed(String text) {
        if (text.length() != PREFIX.length() + RANDOM + CHECKSUM || !claimed(text)) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        int end = text.length() - CHECKSUM;
        return checksum(text.substring(0, end)).equals(text.substring(end));
    }

    /** The first characters, by which its owner recognises it; 232 bits stay unknown. */
    static String hint(String text) {
        return text.substring(0, PREFIX.length() + HINT);
    }

    static byte[] hash(String text) {
        return Digests.sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String checksum(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM);
    }

    private static String digits(BigInteger number, int length) {
        char[] text = new char[length];
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            text[i] = DIGITS.charAt(parts[1].intValue());
            rest = parts[0];
        }
        return new String(text);
    }
}
