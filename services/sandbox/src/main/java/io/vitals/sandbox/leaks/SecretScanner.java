package io.vitals.sandbox.leaks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds known secrets in any bytes: as they are, in hexadecimal as PostgreSQL prints binary columns, in Base64, and as UTF-16. */
public final class SecretScanner {
    private static final int WINDOW = Long.BYTES;

    private final Map<Long, List<Needle>> needles = new HashMap<>();

    /** Which of the mixed windows begin a needle: keeps the map out of the loop. */
    private final boolean[] possible = new boolean[1 << 16];

    private record Needle(String name, byte[] bytes) {}

    /** Looks for this secret from now on and calls it by the name. */
    public void know(String name, String secret) {
        byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
        if (plain.length < 2 * WINDOW) {
            throw new IllegalArgumentException(name + " is too short to be told from chance");
        }
        add(name, plain);
        add(name, HexFormat.of().formatHex(plain).getBytes(StandardCharsets.US_ASCII));
        add(name, secret.getBytes(StandardCharsets.UTF_16LE));
        for (int shift = 0; shift < 3; shift++) {
            // In the middle of a longer text a secret has three forms; their first and last characters depend on what
            // is around.
            byte[] shifted = new byte[shift + plain.length];
            System.arraycopy(plain, 0, shifted, shift, plain.length);
            byte[] encoded = Base64.getEncoder().withoutPadding().encode(shifted);
            add(name, Arrays.copyOfRange(encoded, shift == 0 ? 0 : 4, encoded.length - 2));
        }
    }

    /** Looks for this number, or another short text that chance does not write, as it is. */
    public void knowShort(String name, String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        if (plain.length < WINDOW) {
            throw new IllegalArgumentException(name + " is too short to be told from chance");
        }
        add(name, plain);
    }

    private void add(String name, byte[] bytes) {
        long window = 0;
        for (int i = 0; i < WINDOW; i++) {
            window = (window << 8) | (bytes[i] & 0xff);
        }
        needles.computeIfAbsent(window, _ -> new ArrayList<>()).add(new Needle(name, bytes));
        possible[mix(window)] = true;
    }

    private static int mix(long window) {
        return (int) ((window * 0x9E3779B97F4A7C15L) >>> 48);
    }

    /** The names of the secrets in there. */
    public Set<String> find(byte[] content) {
        Set<String> found = new TreeSet<>();
        long window = 0;
        for (int i = 0; i < content.length; i++) {
            window = (window << 8) | (content[i] & 0xff);
            if (i >= WINDOW - 1 && possible[mix(window)]) {
                int start = i - WINDOW + 1;
                for (Needle needle : needles.getOrDefault(window, List.of())) {
                    int end = start + needle.bytes().length;
                    if (end <= content.length
                            && Arrays.equals(content, start, end, needle.bytes(), 0, needle.bytes().length)) {
                        found.add(needle.name());
                    }
                }
            }
        }
        return found;
    }

    public Set<String> find(String text) {
        return find(text.getBytes(StandardCharsets.UTF_8));
    }
}
