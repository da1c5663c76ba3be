package io.vitals.kit.outbound;

import io.helidon.faulttolerance.Bulkhead;
import io.helidon.faulttolerance.BulkheadException;
import io.helidon.faulttolerance.CircuitBreaker;
import io.helidon.faulttolerance.CircuitBreakerOpenException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Duration;
import java.util.function.Supplier;

/** Breaker and bulkhead of one upstream. A call fails when there is no usable answer or the upstream says that the fault is its own. */
final class Guard {
    private static final int FAILED_PERCENT = 80;
    private static final int SUCCESSES_TO_CLOSE = 2;

    private final String upstream;
    private final CircuitBreaker breaker;
    private final Bulkhead bulkhead;

    Guard(String upstream, Duration delay, int volume, int atOnce, MeterRegistry registry) {
        this.upstream = upstream;
        this.breaker = CircuitBreaker.create(config -> config.name(upstream)
                .volume(volume)
                .errorRatio(FAILED_PERCENT)
                .successThreshold(SUCCESSES_TO_CLOSE)
                .delay(delay));
        // Nobody queues: a caller that waited for a slow upstream would only be one more who waits.
        this.bulkhead =
                Bulkhead.create(config -> config.name(upstream).limit(atOnce).queueLength(0));
        for (Circuit state : Circuit.values()) {
            Gauge.builder("outbound.circuit.state", this, guard -> guard.circuit() == state ? 1 : 0)
                    .description("1 for the state that the upstream's breaker is in")
                    .tag("upstream", upstream)
                    .tag("state", state.code())
                    .register(registry);
        }
    }

    OutboundResponse run(Supplier<OutboundResponse> call) {
        try {
            return bulkhead.invoke(() -> breaker.invoke(() -> judged(call.get())));
        } catch (ServerFault fault) {
            return fault.response;
        } catch (CircuitBreakerOpenException _) {
            throw new OutboundException(upstream, OutboundException.Kind.CIRCUIT_OPEN);
        } catch (BulkheadException _) {
            throw new OutboundException(upstream, OutboundException.Kind.BUSY);
        }
    }

    Circuit circuit() {
        return switch (breaker.state()) {
            case CLOSED -> Circuit.CLOSED;
            case HALF_OPEN -> Circuit.HALF_OPEN;
            case OPEN -> Circuit.OPEN;
        };
    }

    private static OutboundResponse judged(OutboundResponse response) {
        if (response.status() >= 500) {
            throw new ServerFault(response);
        }
        return response;
    }

    /** Carries the answer past the breaker, which counts exceptions. */
    private static final class ServerFault extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient OutboundResponse response;

        ServerFault(OutboundResponse response) {
            super("status " + response.status(), null, false, false);
            this.response = response;
        }
    }
}
