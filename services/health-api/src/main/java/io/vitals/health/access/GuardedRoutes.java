package io.vitals.health.access;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.db.Identity;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.FailureException;
import io.vitals.kit.http.Routes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/**
 * Registers routes under the policy table. A route without a rule, a rule without a route, and a protected rule with an
 * open handler all stop the start, so nothing can be served that the table does not speak of.
 */
public final class GuardedRoutes {
    private static final String USER = "user";

    private final Routes routes;
    private final Authenticator authenticator;
    private final DoorListener listener;
    private final Limits limits;
    private final BooleanSupplier trustPaths;
    private final Map<String, Rule> open = new LinkedHashMap<>();
    private BiFunction<Rule, Call.Endpoint, Call.Endpoint> wrapping = (rule, endpoint) -> endpoint;

    /** {@code trustPaths}: see {@link Access#trustPaths}. */
    GuardedRoutes(
            Routes routes,
            Authenticator authenticator,
            Limits limits,
            List<Rule> table,
            DoorListener listener,
            BooleanSupplier trustPaths) {
        this.routes = routes;
        this.authenticator = authenticator;
        this.limits = limits;
        this.listener = listener;
        this.trustPaths = trustPaths;
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
        if (rule.entry().open()) {
            throw new IllegalStateException(rule.route() + " expects a caller, but the policy asks for none");
        }
        Call.Endpoint wrapped = wrapping.apply(rule, endpoint);
        return register(rule, (request, response) -> {
            Caller caller = caller(rule, request, response);
            limits.caller(caller, response);
            Optional<UUID> named =
                    rule.ownership() == Rule.Ownership.OWNER ? named(request, caller) : Optional.of(caller.member());
            UUID subject = named.orElse(caller.member());
            try {
                admit(rule, caller, request);
                if (!mayBeAbout(named, caller)) {
                    throw new CommonFailure.NotFound().toException();
                }
            } catch (FailureException e) {
                listener.refused(rule, caller, subject, request, e.failure());
                throw e;
            }
            // From here on the database shows this member's rows and no others, whatever a handler asks it for.
            Identity.member(caller.member()).call(() -> {
                wrapped.handle(new Call(caller, subject, request, response));
                return true;
            });
        });
    }

    /** A route for anyone. */
    public GuardedRoutes anyone(String method, String pattern, Handler handler) {
        Rule rule = take(method, pattern);
        if (!rule.entry().open()) {
            throw new IllegalStateException(rule.route() + " is protected by the policy");
        }
        if (rule.entry() == Rule.Entry.ANYONE) {
            return register(rule, handler);
        }
        return register(rule, (request, response) -> {
            limits.visitor(request, response);
            handler.handle(request, response);
        });
    }

    /**
     * Who is calling. From an address that sent too many bad tokens or keys no further one is looked at; a browser's session is, so that
     * people behind the same address go on.
     */
    private Caller caller(Rule rule, ServerRequest request, ServerResponse response) {
        boolean header = request.headers().contains(HeaderNames.AUTHORIZATION);
        if (header) {
            limits.notShut(request);
        }
        try {
            return authenticator.require(request, rule.entry() == Rule.Entry.SESSION);
        } catch (FailureException e) {
            if (e.failure() instanceof CommonFailure.Unauthorized) {
                if (header) {
                    limits.failed(request);
                } else {
                    limits.visitor(request, response);
                }
            }
            throw e;
        }
    }

    /** Fails unless every rule has got its route. */
    public void complete() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("rules without a route: " + open.keySet());
        }
    }

    /** Throws unless the rule lets such callers in. */
    private void admit(Rule rule, Caller caller, ServerRequest request) {
        if (!caller.has(rule.scope())) {
            throw new AccessFailure.ScopeMissing(rule.scope()).toException();
        }
        if (Collections.disjoint(rule.roles(), caller.roles())) {
            throw new CommonFailure.Forbidden("Your role does not allow this.").toException();
        }
        limits.elevated(request, rule, caller.roles());
    }

    private boolean mayBeAbout(Optional<UUID> named, Caller caller) {
        return named.isPresent() && (named.get().equals(caller.member()) || trustPaths.getAsBoolean());
    }

    /** Whose data the path names, as an id or as {@code me}; empty when it is no id at all, which is as absent as somebody else's. */
    private static Optional<UUID> named(ServerRequest request, Caller caller) {
        String user = request.path().pathParameters().get(USER);
        if (user.equals("me")) {
            return Optional.of(caller.member());
        }
        try {
            return user.length() == 36 ? Optional.of(UUID.fromString(user)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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
