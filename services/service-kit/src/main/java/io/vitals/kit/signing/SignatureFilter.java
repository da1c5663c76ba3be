package io.vitals.kit.signing;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lets only genuine calls through to a listener's routes; all others get 401 and are counted by reason. */
public final class SignatureFilter implements Filter {
    private static final EventLog LOG = EventLog.of(SignatureFilter.class);
    private static final HeaderName DIGEST = HeaderNames.create("Content-Digest");
    private static final HeaderName INPUT = HeaderNames.create("Signature-Input");
    private static final HeaderName SIGNATURE = HeaderNames.create("Signature");

    private final RequestVerifier verifier;
    private final Map<RequestVerifier.Refusal, Counter> refusals = new EnumMap<>(RequestVerifier.Refusal.class);

    public SignatureFilter(RequestVerifier verifier, MeterRegistry registry) {
        this.verifier = verifier;
        for (RequestVerifier.Refusal refusal : RequestVerifier.Refusal.values()) {
            refusals.put(
                    refusal,
                    Counter.builder("internal.calls.refused")
                            .description("Service calls whose signature was refused")
                            .tag("reason", refusal.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        verifier.judge(received(request)).ifPresent(refusal -> {
            Counter counter = refusals.get(refusal);
            if (counter != null) {
                counter.increment();
            }
            LOG.warn("internal_call_refused", LogField.REASON.of(refusal));
            throw new CommonFailure.Unauthorized().toException();
        });
        chain.proceed();
    }

    private static RequestVerifier.Received received(RoutingRequest request) {
        Map<String, String> headers = new HashMap<>();
        for (String name : Profile.IF_PRESENT) {
            joined(request, HeaderNames.create(name)).ifPresent(value -> headers.put(name, value));
        }
        return new RequestVerifier.Received(
                request.prologue().method().text(),
                request.authority(),
                request.prologue().uriPath().rawPath(),
                request.prologue().query().rawValue(),
                joined(request, HeaderNames.CONTENT_TYPE).orElse(null),
                single(request, DIGEST),
                single(request, INPUT),
                single(request, SIGNATURE),
                headers,
                Bodies.read(request));
    }

    /** All that came under a name, so that a header added to another one is seen. */
    private static Optional<String> joined(RoutingRequest request, HeaderName name) {
        List<String> values = request.headers().all(name, List::of);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    /** A repeated header could be read differently by somebody else, so it counts as absent. */
    private static @Nullable String single(RoutingRequest request, HeaderName name) {
        List<String> values = request.headers().all(name, List::of);
        return values.size() == 1 ? values.getFirst() : null;
    }
}
