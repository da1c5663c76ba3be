package io.vitals.kit.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The failures that every feature may answer with. */
public sealed interface CommonFailure extends Failure {
    /** A field, parameter or header of the request is wrong; {@code field} names it. */
    record InvalidInput(String field, String why) implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(400, "invalid-input", "The request is not valid");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return field + " " + why;
        }

        @Override
        public Map<String, Object> members() {
            return Map.of("field", field);
        }
    }

    /** Absent, or not the caller's: the two look alike on purpose. */
    record NotFound() implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(404, "not-found", "Not found");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "There is nothing here for you.";
        }
    }

    /** No valid proof of identity came with the request. */
    record Unauthorized() implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(401, "unauthorized", "Sign in first");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "The request carries no valid session or bearer token.";
        }
    }

    /** Known, but not allowed. */
    record Forbidden(String why) implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(403, "forbidden", "Not allowed");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return why;
        }
    }

    /** The request body is larger than the listener takes. */
    record TooLarge(long limitBytes) implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(413, "too-large", "The request body is too large");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "At most " + limitBytes + " bytes are taken here.";
        }
    }

    /** The resource is in a state that forbids the action. */
    record Conflict(String why) implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(409, "conflict", "The state does not allow it");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return why;
        }
    }

    /** More requests than this caller, or all together, may make. */
    record RateLimited(Duration delay) implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(429, "rate-limited", "Too many requests");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "Ask again after the time given in Retry-After.";
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(delay);
        }
    }

    /** A dependency is away for now. */
    record Unavailable(String why, Duration delay) implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(503, "unavailable", "Not available right now");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return why;
        }

        @Override
        public Optional<Duration> retryAfter() {
            return Optional.of(delay);
        }
    }

    /** A fault of ours. The log has the rest, under the same request id. */
    record Internal() implements CommonFailure {
        public static final ProblemType TYPE = new ProblemType(500, "internal", "Something went wrong here");

        @Override
        public ProblemType problem() {
            return TYPE;
        }

        @Override
        public String detail() {
            return "The request could not be served. Quote the request id when you report it.";
        }
    }
}
