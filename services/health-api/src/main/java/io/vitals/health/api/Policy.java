package io.vitals.health.api;

import io.vitals.health.access.Role;
import io.vitals.health.access.Rule;

import java.util.List;
import java.util.Set;

import static io.vitals.health.access.Rule.Entry.ANYONE;
import static io.vitals.health.access.Rule.Entry.SESSION;
import static io.vitals.health.access.Rule.Entry.SIGNED_IN;
import static io.vitals.health.access.Rule.Ownership.NONE;
import static io.vitals.health.access.Rule.Ownership.OWNER;

/** Who may use which route. Nothing is served that is not in here. */
public final class Policy {
    private static final Set<Role> NOBODY = Set.of();
    private static final Set<Role> ANY = Set.of(Role.values());
    private static final Set<Role> MEMBER = Set.of(Role.MEMBER);
    private static final Set<Role> AUDITOR = Set.of(Role.AUDITOR);

    /** The whole table. */
    public static final List<Rule> TABLE = List.of(
            new Rule("GET", "/", ANYONE, NOBODY, NONE),
            new Rule("GET", "/assets/*", ANYONE, NOBODY, NONE),
            new Rule("GET", "/docs", ANYONE, NOBODY, NONE),
            new Rule("GET", "/openapi", ANYONE, NOBODY, NONE),
            new Rule("GET", "/auth/login", ANYONE, NOBODY, NONE),
            new Rule("GET", "/auth/callback", ANYONE, NOBODY, NONE),
            new Rule("POST", "/auth/logout", ANYONE, NOBODY, NONE),
            new Rule("POST", "/api/v1/webhooks/sahha", ANYONE, NOBODY, NONE),
            new Rule("GET", "/api/v1/me", SIGNED_IN, ANY, NONE),
            new Rule("GET", "/api/v1/users/{user}/days", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/days/{date}", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/days/{date}/explain", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/overview", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/sources", SIGNED_IN, MEMBER, OWNER),
            new Rule("POST", "/api/v1/users/{user}/refresh", SIGNED_IN, MEMBER, OWNER),
            // A link is bound to the browser session that starts it, so a bare token cannot start one.
            new Rule("POST", "/api/v1/users/{user}/links/whoop", SESSION, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/links/whoop", SIGNED_IN, MEMBER, OWNER),
            new Rule("DELETE", "/api/v1/users/{user}/links/whoop", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/links/whoop/callback", SESSION, MEMBER, NONE),
            new Rule("GET", "/api/v1/users/{user}/consents", SIGNED_IN, MEMBER, OWNER),
            new Rule("PUT", "/api/v1/users/{user}/consents", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/export", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/events", SIGNED_IN, MEMBER, OWNER),
            new Rule("DELETE", "/api/v1/users/{user}", SIGNED_IN, MEMBER, OWNER),
            // Its id is unguessable and known to the one who asked; they have no account any more.
            new Rule("GET", "/api/v1/erasures/{erasure}", ANYONE, NOBODY, NONE),
            new Rule("GET", "/api/v1/users/{user}/accesses", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/audit", SIGNED_IN, AUDITOR, NONE),
            new Rule("GET", "/api/v1/audit/members", SIGNED_IN, AUDITOR, NONE));

    private Policy() {}
}
