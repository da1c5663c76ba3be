package io.vitals.gitops.scaling;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/**
 * Processor time that requests need, in cores, second by second.
 *
 * @param sudden whether it rises faster than pods can come, so that it matters how soon they do
 * @param mean without noise
 */
record Load(String name, boolean sudden, int seconds, double[] mean, double[] cores) {
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;
    private static final int DAY = 24 * HOUR;

    /** A day with a morning and a weaker evening. */
    static Load day(double peak, long seed) {
        IntToDoubleFunction mean = second -> {
            double hour = (double) second / HOUR;
            return peak * (0.15 + 0.85 * bell(hour, 7.5, 1.2) + 0.4 * bell(hour, 20, 2));
        };
        return noisy("a day", false, DAY, mean, 0.1, MINUTE, seed);
    }

    /** The most that it is on the whole. */
    double most() {
        return Arrays.stream(mean).max().orElseThrow();
    }

    /** The hour in which most members wake up begins within two minutes. */
    static Load storm(double peak, long seed) {
        IntToDoubleFunction mean = second -> {
            double rise = Math.clamp((second - 30.0 * MINUTE) / (2.0 * MINUTE), 0, 1);
            double fall = Math.clamp((second - 75.0 * MINUTE) / (15.0 * MINUTE), 0, 1);
            return peak * (0.3 + 0.7 * (rise - fall));
        };
        return noisy("the morning's storm", true, 3 * HOUR, mean, 0.1, MINUTE, seed);
    }

    /** Three times as much from one second to the next, for an hour. */
    static Load step(double peak, long seed) {
        IntToDoubleFunction mean = second -> second >= 30 * MINUTE && second < 90 * MINUTE ? peak : peak / 3;
        return noisy("a step to three times as much", true, 3 * HOUR, mean, 0.05, MINUTE, seed);
    }

    /** Always the same on the whole, and never the same. */
    static Load noise(double peak, long seed) {
        return noisy("noise", false, 6 * HOUR, second -> 0.6 * peak, 0.25, 2 * MINUTE, seed);
    }

    private static double bell(double hour, double middle, double width) {
        return Math.exp(-Math.pow((hour - middle) / width, 2));
    }

    /** Noise that goes on for some time, as a busy minute does. */
    private static Load noisy(
            String name,
            boolean sudden,
            int seconds,
            IntToDoubleFunction mean,
            double share,
            int correlation,
            long seed) {
        var random = new Random(seed);
        double keeps = Math.exp(-1.0 / correlation);
        double noise = 0;
        double[] means = new double[seconds];
        double[] cores = new double[seconds];
        for (int second = 0; second < seconds; second++) {
            noise = keeps * noise + Math.sqrt(1 - keeps * keeps) * random.nextGaussian();
            means[second] = mean.applyAsDouble(second);
            cores[second] = Math.max(0, means[second] * (1 + share * noise));
        }
        return new Load(name, sudden, seconds, means, cores);
    }
}
