package io.vitals.health.access;

import java.util.Set;

/**
 * One line of the policy table: who may use a route.
 *
 * @param entry what proof of identity it takes
 * @param roles the caller must have one of these; empty only when the route asks for nobody
 * @param ownership whose data it is about
 */
public record Rule(String method, String pattern, Entry entry, Set<Role> roles, Ownership ownership) {

    public Rule {
        roles = Set.copyOf(roles);
        if (entry != Entry.ANYONE && roles.isEmpty()) {
            throw new IllegalArgumentException(pattern + " lets nobody in");
        }
        if (ownership == Ownership.OWNER && (entry == Entry.ANYONE || !pattern.contains("{user}"))) {
            throw new IllegalArgumentException(pattern + " has no owner to compare with");
        }
    }

    /** What proof of identity a route takes. */
    public enum Entry {
        /** None; the route may have a proof of its own, such as a signature. */
        ANYONE,
        /** A bearer token or a session. */
        SIGNED_IN,
        /** A browser session only. */
        SESSION
    }

    /** Whose data a route is about. */
    public enum Ownership {
        NONE,
        /** The path's {@code user} must be the caller, as an id or as {@code me}. */
        OWNER
    }

    /** The name of the rule in messages. */
    public String route() {
        return method + " " + pattern;
    }
}
