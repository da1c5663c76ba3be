package io.vitals.loadtest.verdict;

import io.vitals.loadtest.profile.Request;
import io.vitals.loadtest.profile.Scenario;

/**
 * What one kind of request took in one scenario, in milliseconds, over all answers whether right or wrong.
 *
 * @param errors requests that were answered wrong, late or not at all
 * @param seconds how long they were sent
 */
public record Measured(
        Scenario scenario,
        Request request,
        long requests,
        long errors,
        double seconds,
        double p50,
        double p95,
        double p99,
        double max) {

    public double perSecond() {
        return requests / seconds;
    }

    public double errorsPercent() {
        return requests == 0 ? 0 : 100.0 * errors / requests;
    }
}
