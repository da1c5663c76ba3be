package io.vitals.health.access;

import io.vitals.health.keys.Scope;

import java.util.Optional;
import java.util.Set;

/**
 * One line of the policy table: who may use a route.
 *
 * @param entry what proof of identity it takes
 * @param roles the caller must have one of these; empty only when the route asks for nobody
 * @param scope what an API key must have been given; empty when no key will do
 * @param ownership whose data it is about
 */
public record Rule(
        String method, String pattern, Entry entry, Set<Role> roles, Optional<Scope> scope, Ownership ownership) {

    public Rule {
        roles = Set.copyOf(roles);
        if (!entry.open() && roles.isEmpty()) {
            throw new IllegalArgumentException(pattern + " lets nobody in");
        }
        if (scope.isPresent() && entry != Entry.SIGNED_IN) {
            throw new IllegalArgumentException(pattern + " has a scope, but takes no key");
        }
        if (ownership == Ownership.OWNER && (entry.open() || !pattern.contains("{user}"))) {
            throw new IllegalArgumentException(pattern + " has no owner to compare with");
        }
    }

    /** A rule for people, whatever their proof; no key will do. */
    public Rule(String method, String pattern, Entry entry, Set<Role> roles, Ownership ownership) {
        this(method, pattern, entry, roles, Optional.empty(), ownership);
    }

    /** A rule for people, and for keys with this scope. */
    public Rule(String method, String pattern, Set<Role> roles, Scope scope, Ownership ownership) {
        this(method, pattern, Entry.SIGNED_IN, roles, Optional.of(scope), ownership);
    }

    /** What proof of identity a route takes. */
    public enum Entry {
        /** None; the route may have a proof of its own, such as a signature. */
        ANYONE,
        /** None, and each request counts against the address that it comes from. */
        VISITOR,
        /** A bearer token, a session, or a key with the scope. */
        SIGNED_IN,
        /** A browser session only. */
        SESSION;

        /** Whether nobody has to say who they are. */
        public boolean open() {
            return this == ANYONE || this == VISITOR;
        }
    }

    /** Whose data a route is about. */
    public enum Ownership {
        NONE,
        /** The path's {@code user} must be the caller, as an id or as {@code me}. */
        OWNER,
        /** The path names a row, which is looked for among the caller's own only. */
        OWN_ROW,
        /** The same, but an admin may name anybody's. */
        OWN_ROW_OR_ADMIN
    }

    /** The name of the rule in messages. */
    public String route() {
        return method + " " + pattern;
    }
}
