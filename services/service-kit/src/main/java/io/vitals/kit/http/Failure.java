package io.vitals.kit.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request cannot be answered as asked. Features seal their own failures under this; the listeners turn each into
 * one RFC 9457 problem. Nothing in it may hold a secret, a health value or a provider's text.
 */
public interface Failure {
    ProblemType problem();

    /** What the caller needs to know about this occurrence. */
    String detail();

    /** Extension members of the problem. */
    default Map<String, Object> members() {
        return Map.of();
    }

    /** When asking again makes sense, sent as {@code Retry-After}. */
    default Optional<Duration> retryAfter() {
        return Optional.empty();
    }

    /** Further headers of the answer. */
    default Map<String, String> headers() {
        return Map.of();
    }

    default FailureException toException() {
        return new FailureException(this, null);
    }

    /** With what it came from, whose classes the log names where the answer is 500 or more. */
    default FailureException toException(Throwable cause) {
        return new FailureException(this, cause);
    }
}
