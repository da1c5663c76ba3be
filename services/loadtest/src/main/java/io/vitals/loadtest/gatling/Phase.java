package io.vitals.loadtest.gatling;

import io.vitals.loadtest.profile.Scenario;

/**
 * A scenario at a rate for a while.
 *
 * @param rate requests a second
 * @param warmUpSeconds what comes before and is not counted
 */
public record Phase(Scenario scenario, double rate, long warmUpSeconds, long seconds) {
    /** Requests of a member who connects: start, return from WHOOP, status, end. */
    private static final int CONNECTING = 4;

    /** How many begin in a second: a reader sends one request, a member who connects several. */
    double arrivals() {
        return scenario == Scenario.CONNECT ? rate / CONNECTING : rate;
    }
}
