package io.vitals.loadtest.profile;

import java.time.Duration;
import java.util.Optional;

/**
 * What a kind of request may take.
 *
 * @param errorsPercent how many of a hundred may fail
 * @param max what no answer may take longer than
 * @param p95 what five of a hundred may take longer than
 * @param p99 what one of a hundred may take longer than
 */
public record Threshold(double errorsPercent, Optional<Duration> max, Optional<Duration> p95, Optional<Duration> p99) {
    public Threshold {
        if (!(errorsPercent >= 0 && errorsPercent <= 100)) {
            throw new IllegalArgumentException("errors-percent is from 0 to 100");
        }
        if (max.isEmpty() && p95.isEmpty() && p99.isEmpty()) {
            throw new IllegalArgumentException("one of max, p95 and p99 is needed");
        }
    }
}
