package io.vitals.loadtest.verdict;

import io.vitals.loadtest.profile.Threshold;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a measurement keeps its threshold.
 *
 * @param broken names of the limits that it does not keep
 */
public record Verdict(Measured measured, Threshold threshold, List<String> broken) {
    /** Of nothing sent nothing was kept: a scenario that does not run must not pass. */
    static final String NOTHING_SENT = "nothing sent";

    static final String ERRORS = "errors";

    public Verdict {
        broken = List.copyOf(broken);
    }

    public static Verdict of(Measured measured, Threshold threshold) {
        List<String> broken = new ArrayList<>();
        if (measured.requests() == 0) {
            broken.add(NOTHING_SENT);
        }
        if (measured.errorsPercent() > threshold.errorsPercent()) {
            broken.add(ERRORS);
        }
        compare("p95", measured.p95(), threshold.p95(), broken);
        compare("p99", measured.p99(), threshold.p99(), broken);
        compare("max", measured.max(), threshold.max(), broken);
        return new Verdict(measured, threshold, broken);
    }

    private static void compare(String name, double millis, Optional<Duration> limit, List<String> broken) {
        if (limit.isPresent() && millis > limit.get().toMillis()) {
            broken.add(name);
        }
    }

    public boolean kept() {
        return broken.isEmpty();
    }
}
