package io.vitals.whoop.upstream;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.outbound.Circuit;
import io.vitals.kit.outbound.OutboundClient;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the calls to WHOOP show. */
final class ApiMeters {
    private static final List<String> OPERATIONS = List.of(
            "list-cycle",
            "list-recovery",
            "list-sleep",
            "list-workout",
            "get-cycle",
            "get-recovery",
            "get-sleep",
            "get-workout",
            "get-profile",
            "get-body",
            "revoke-access");

    /** One status for each outcome, so that a rate over the outcomes begins at zero. */
    private static final Map<String, String> OUTCOMES = Map.of(
            "success", "200",
            "not_found", "404",
            "rate_limited", "429",
            "client_error", "401",
            "server_error", "500",
            "error", "none");

    private final MeterRegistry registry;

    ApiMeters(MeterRegistry registry, OutboundClient client) {
        this.registry = registry;
        for (String operation : OPERATIONS) {
            OUTCOMES.forEach((outcome, status) -> timer(operation, status, outcome));
        }
        for (Circuit state : Circuit.values()) {
            Gauge.builder("whoop.client.circuit.state", client, c -> c.circuit() == state ? 1 : 0)
                    .description("1 for the state that the breaker before WHOOP's API is in")
                    .tag("state", state.code())
                    .register(registry);
        }
    }

    void answered(String operation, int status, long nanos) {
        timer(operation, Integer.toString(status), outcome(status)).record(nanos, TimeUnit.NANOSECONDS);
    }

    void unanswered(String operation, long nanos) {
        timer(operation, "none", "error").record(nanos, TimeUnit.NANOSECONDS);
    }

    private static String outcome(int status) {
        if (status == 404) {
            return "not_found";
        } else if (status == 429) {
            return "rate_limited";
        } else if (status >= 500) {
            return "server_error";
        }
        return status >= 200 && status < 300 ? "success" : "client_error";
    }

    private Timer timer(String operation, String status, String outcome) {
        return Timer.builder("whoop.client.requests")
                .description("Calls to the WHOOP API")
                .tag("operation", operation)
                .tag("status", status)
                .tag("outcome", outcome)
                .register(registry);
    }
}
