package io.vitals.sandbox.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Small changes of an input, at most 8 192 bytes of it. */
public final class Mutation {
    private Mutation() {}

    /** Another input: a byte more, less or other, or a stretch once more. The first byte, which names the parser, stays. */
    public static byte[] of(byte[] input, Random random) {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : input) {
            bytes.add(b);
        }
        int at = 1 + random.nextInt(Math.max(1, bytes.size() - 1));
        switch (random.nextInt(4)) {
            case 0 -> bytes.add(Math.min(at, bytes.size()), (byte) random.nextInt(256));
            case 1 -> {
                if (at < bytes.size()) {
                    bytes.remove(at);
                }
            }
            case 2 -> {
                if (at < bytes.size()) {
                    bytes.set(at, (byte) random.nextInt(256));
                }
            }
            default ->
                bytes.addAll(
                        Math.min(at, bytes.size()), List.copyOf(bytes.subList(at / 2, Math.min(at, bytes.size()))));
        }
        byte[] out = new byte[bytes.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = bytes.get(i);
        }
        return Arrays.copyOf(out, Math.min(out.length, 8_192));
    }
}
