package io.vitals.health.access;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.http.Routes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Registers routes under the policy table. A route without a rule, a rule without a route, and a protected rule with an
 * open handler all stop the start, so nothing can be served that the table does not speak of.
 */
public final class GuardedRoutes {
    private static final String USER = "user";

    private final Routes routes;
    private final Authenticator authenticator;
    private final DoorListener listener;
    private final Map<String, Rule> open = new LinkedHashMap<>();
    private BiFunction<Rule, Call.Endpoint, Call.Endpoint> wrapping = (rule, endpoint) -> endpoint;

    GuardedRoutes(Routes routes, Authenticator authenticator, List<Rule> table, DoorListener listener) {
        this.routes = routes;
        this.authenticator = authenticator;
        this.listener = listener;
        for (Rule rule : table) {
            if (open.put(rule.route(), rule) != null) {
                throw new IllegalStateException("two rules for " + rule.route());
            }
        }
    }

    /** Wraps the endpoints of all routes registered from now on whose callers are known. */
    public GuardedRoutes around(BiFunction<Rule, Call.Endpoint, Call.Endpoint> wrapping) {
        this.wrapping = wrapping;
        return this;
    }

    /** A route whose callers are known. */
    public GuardedRoutes on(String method, String pattern, Call.Endpoint endpoint) {
        Rule rule = take(method, pattern);
        if (rule.entry() == Rule.Entry.ANYONE) {
            throw new IllegalStateException(rule.route() + " expects a caller, but the policy asks for none");
        }
        Call.Endpoint wrapped = wrapping.apply(rule, endpoint);
        return register(rule, (request, response) -> {
            Caller caller = authenticator.require(request, rule.entry() == Rule.Entry.SESSION);
            try {
                requireRight(rule, caller, request);
            } catch (FailureException e) {
                listener.refused(rule, caller, request, e.failure());
                throw e;
            }
            wrapped.handle(new Call(caller, request, response));
        });
    }

    /** A route for anyone. */
    public GuardedRoutes anyone(String method, String pattern, Handler handler) {
        Rule rule = take(method, pattern);
        if (rule.entry() != Rule.Entry.ANYONE) {
            throw new IllegalStateException(rule.route() + " is protected by the policy");
        }
        return register(rule, handler);
    }

    /** Fails unless every rule has got its route. */
    public void complete() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("rules without a route: " + open.keySet());
        }
    }

    private static void requireRight(Rule rule, Caller caller, ServerRequest request) {
        if (Collections.disjoint(rule.roles(), caller.roles())) {
            throw new CommonFailure.Forbidden("Your role does not allow this.").toException();
        }
        if (rule.ownership() == Rule.Ownership.OWNER) {
            requireOwner(request, caller);
        }
    }

    private static void requireOwner(ServerRequest request, Caller caller) {
        String user = request.path().pathParameters().get(USER);
        if (user.equals("me")) {
            return;
        }
        try {
            if (user.length() == 36 && UUID.fromString(user).equals(caller.member())) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // Not an id at all: as absent as somebody else's.
        }
        throw new CommonFailure.NotFound().toException();
    }

    private Rule take(String method, String pattern) {
        Rule rule = open.remove(method + " " + pattern);
        if (rule == null) {
            throw new IllegalStateException("no rule for " + method + " " + pattern);
        }
        return rule;
    }

    private GuardedRoutes register(Rule rule, Handler handler) {
        switch (rule.method()) {
            case "GET" -> routes.get(rule.pattern(), handler);
            case "POST" -> routes.post(rule.pattern(), handler);
            case "PUT" -> routes.put(rule.pattern(), handler);
            case "DELETE" -> routes.delete(rule.pattern(), handler);
            default -> throw new IllegalStateException("no such method: " + rule.method());
        }
        return this;
    }
}
