package io.vitals.sandbox.member;

import java.util.UUID;

/**
 * Randomness by name: the same seed, name and key always give the same value, in any order of asking.
 * That is what lets a history grow at its end without a state that must be replayed.
 */
record Noise(long seed) {

    Noise child(String name) {
        return new Noise(bits(name, 0));
    }

    long bits(String name, long key) {
        long hash = seed;
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash + name.charAt(i));
        }
        return mix(hash ^ mix(key));
    }

    /** In [0, 1). */
    double uniform(String name, long key) {
        return (bits(name, key) >>> 11) * 0x1.0p-53;
    }

    double between(String name, long key, double low, double high) {
        return low + (high - low) * uniform(name, key);
    }

    /** About normal with deviation 1, within ±3. */
    double bell(String name, long key) {
        double sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += uniform(name, key * 16 + i);
        }
        return Math.clamp(sum - 6, -3, 3);
    }

    /** A version 4 UUID. */
    UUID uuid(String name, long key) {
        long high = (bits(name, key * 2) & ~0xF000L) | 0x4000L;
        long low = (bits(name, key * 2 + 1) & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** The finaliser of SplitMix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
