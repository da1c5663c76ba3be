package io.vitals.kit.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.vitals.kit.deadline.Deadline;

import java.time.Duration;
import java.util.List;

/** Lets a request take no longer than its caller waits, who says so in a header. For listeners whose callers are services of ours. */
public final class DeadlineFilter implements Filter {
    /** Milliseconds that the caller still waits. */
    public static final String HEADER = "X-Request-Deadline";

    private static final HeaderName NAME = HeaderNames.create(HEADER);

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        List<String> values = request.headers().all(NAME, List::of);
        if (values.isEmpty()) {
            chain.proceed();
            return;
        }
        if (values.size() > 1 || !values.getFirst().matches("\\d{1,7}")) {
            throw new CommonFailure.InvalidInput(HEADER, "is not a number of milliseconds").toException();
        }
        Deadline.within(Duration.ofMillis(Long.parseLong(values.getFirst())), () -> {
            if (Deadline.over()) {
                throw new CommonFailure.Unavailable("Nobody waits any longer.", Duration.ofSeconds(1)).toException();
            }
            chain.proceed();
        });
    }
}
