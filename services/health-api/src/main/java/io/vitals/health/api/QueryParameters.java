package io.vitals.health.api;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.health.access.Call;
import io.vitals.health.access.Rule;
import io.vitals.kit.http.CommonFailure;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The query parameters that each route with known callers takes. Any other is refused: a misspelt {@code form=} would
 * else be answered with a range that nobody asked for. Strangers learn nothing of it, for they are refused before.
 */
final class QueryParameters {
    /** Routes that are not in here take none. The contract says the same, which a test sees to. */
    static final Map<String, Set<String>> TAKEN = Map.ofEntries(
            Map.entry("GET /api/v1/users/{user}/days", Set.of("from", "to", "cursor", "limit")),
            Map.entry("GET /api/v1/users/{user}/overview", Set.of("period")),
            Map.entry("POST /api/v1/users/{user}/refresh", Set.of("date")),
            Map.entry("GET /api/v1/users/{user}/export", Set.of("format")),
            Map.entry("GET /api/v1/api-keys", Set.of("cursor")),
            Map.entry("GET /api/v1/users/{user}/accesses", Set.of("limit", "cursor")),
            Map.entry("GET /api/v1/audit", Set.of("subject", "actor", "from", "to", "limit", "cursor")),
            Map.entry("GET /api/v1/audit/members", Set.of("actor", "from", "to", "limit", "cursor")),
            Map.entry("GET /api/v1/admin/members", Set.of("state", "limit", "cursor")),
            Map.entry("GET /api/v1/admin/members/{member}/coverage", Set.of("days")),
            Map.entry("GET /api/v1/admin/coverage", Set.of("days")),
            Map.entry("GET /api/v1/admin/dead-letters", Set.of("source", "limit", "cursor")));

    /** Browsers are sent here by a provider, which may add what it likes. */
    static final Set<String> ANY = Set.of("GET /api/v1/links/whoop/callback");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_-]{1,20}");

    private QueryParameters() {}

    /** The endpoint of a route, for requests with its own parameters only, each given once. */
    static Call.Endpoint only(Rule rule, Call.Endpoint endpoint) {
        if (ANY.contains(rule.route())) {
            return endpoint;
        }
        Set<String> taken = TAKEN.getOrDefault(rule.route(), Set.of());
        return call -> {
            check(call.request(), taken);
            endpoint.handle(call);
        };
    }

    static void check(ServerRequest request, Set<String> taken) {
        for (String name : request.query().names()) {
            if (!taken.contains(name)) {
                throw invalid(name, "is no parameter of this route");
            }
            if (request.query().all(name).size() > 1) {
                throw invalid(name, "must be given once");
            }
        }
    }

    /** What is longer than a slip of the hand makes a name may be anything, a token as well, so it is not repeated. */
    private static RuntimeException invalid(String name, String why) {
        String field = NAME.matcher(name).matches() ? name : "query";
        return new CommonFailure.InvalidInput(field, why).toException();
    }
}
