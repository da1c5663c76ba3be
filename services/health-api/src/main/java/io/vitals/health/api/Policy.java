package io.vitals.health.api;

import io.vitals.health.access.Role;
import io.vitals.health.access.Rule;

import java.util.List;
import java.util.Set;

import static io.vitals.health.access.Rule.Entry.ANYONE;
import static io.vitals.health.access.Rule.Entry.SESSION;
import static io.vitals.health.access.Rule.Entry.SIGNED_IN;
import static io.vitals.health.access.Rule.Entry.VISITOR;
import static io.vitals.health.access.Rule.Ownership.NONE;
import static io.vitals.health.access.Rule.Ownership.OWNER;
import static io.vitals.health.access.Rule.Ownership.OWN_ROW;
import static io.vitals.health.access.Rule.Ownership.OWN_ROW_OR_ADMIN;
import static io.vitals.health.keys.Scope.DAYS_READ;
import static io.vitals.health.keys.Scope.EXPORT;
import static io.vitals.health.keys.Scope.REFRESH;

/** Who may use which route. Nothing is served that is not in here. */
public final class Policy {
    private static final Set<Role> NOBODY = Set.of();
    private static final Set<Role> ANY = Set.of(Role.values());
    private static final Set<Role> MEMBER = Set.of(Role.MEMBER);
    private static final Set<Role> AUDITOR = Set.of(Role.AUDITOR);
    private static final Set<Role> ADMIN = Set.of(Role.ADMIN);
    private static final Set<Role> ADMIN_OR_AUDITOR = Set.of(Role.ADMIN, Role.AUDITOR);
    private static final Set<Role> MEMBER_OR_ADMIN = Set.of(Role.MEMBER, Role.ADMIN);

    /** The whole table. */
    public static final List<Rule> TABLE = List.of(
            new Rule("GET", "/", ANYONE, NOBODY, NONE),
            new Rule("GET", "/assets/*", ANYONE, NOBODY, NONE),
            new Rule("GET", "/docs", ANYONE, NOBODY, NONE),
            new Rule("GET", "/openapi", ANYONE, NOBODY, NONE),
            new Rule("GET", "/auth/login", VISITOR, NOBODY, NONE),
            new Rule("GET", "/auth/callback", VISITOR, NOBODY, NONE),
            new Rule("POST", "/auth/logout", VISITOR, NOBODY, NONE),
            // Proved by its token.
            new Rule("POST", "/auth/backchannel-logout", ANYONE, NOBODY, NONE),
            new Rule("POST", "/api/v1/webhooks/sahha", ANYONE, NOBODY, NONE),
            new Rule("GET", "/api/v1/me", ANY, DAYS_READ, NONE),
            new Rule("GET", "/api/v1/me/sessions", SIGNED_IN, ANY, NONE),
            new Rule("DELETE", "/api/v1/me/sessions/{id}", SIGNED_IN, ANY, OWN_ROW),
            new Rule("GET", "/api/v1/users/{user}/days", MEMBER, DAYS_READ, OWNER),
            new Rule("GET", "/api/v1/users/{user}/days/{date}", MEMBER, DAYS_READ, OWNER),
            new Rule("GET", "/api/v1/users/{user}/days/{date}/explain", MEMBER, DAYS_READ, OWNER),
            new Rule("GET", "/api/v1/users/{user}/overview", MEMBER, DAYS_READ, OWNER),
            new Rule("GET", "/api/v1/users/{user}/sources", MEMBER, DAYS_READ, OWNER),
            new Rule("POST", "/api/v1/users/{user}/refresh", MEMBER, REFRESH, OWNER),
            // A link is bound to the browser session that starts it, so a bare token cannot start one.
            new Rule("POST", "/api/v1/users/{user}/links/whoop", SESSION, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/links/whoop", SIGNED_IN, MEMBER, OWNER),
            new Rule("DELETE", "/api/v1/users/{user}/links/whoop", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/links/whoop/callback", SESSION, MEMBER, NONE),
            new Rule("GET", "/api/v1/users/{user}/consents", SIGNED_IN, MEMBER, OWNER),
            new Rule("PUT", "/api/v1/users/{user}/consents", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/users/{user}/export", MEMBER, EXPORT, OWNER),
            new Rule("GET", "/api/v1/users/{user}/events", MEMBER, DAYS_READ, OWNER),
            // Making and renewing a key takes a person: a key that could would never end.
            new Rule("POST", "/api/v1/api-keys", SIGNED_IN, MEMBER, NONE),
            new Rule("GET", "/api/v1/api-keys", SIGNED_IN, MEMBER_OR_ADMIN, NONE),
            new Rule("DELETE", "/api/v1/api-keys/{id}", SIGNED_IN, MEMBER_OR_ADMIN, OWN_ROW_OR_ADMIN),
            new Rule("POST", "/api/v1/api-keys/{id}/rotate", SIGNED_IN, MEMBER, OWN_ROW),
            new Rule("DELETE", "/api/v1/users/{user}", SIGNED_IN, MEMBER, OWNER),
            // Its id is unguessable and known to the one who asked; they have no account any more.
            new Rule("GET", "/api/v1/erasures/{erasure}", VISITOR, NOBODY, NONE),
            new Rule("GET", "/api/v1/users/{user}/accesses", SIGNED_IN, MEMBER, OWNER),
            new Rule("GET", "/api/v1/audit", SIGNED_IN, AUDITOR, NONE),
            new Rule("GET", "/api/v1/audit/members", SIGNED_IN, AUDITOR, NONE),
            new Rule("GET", "/api/v1/admin/links", SIGNED_IN, ADMIN, NONE),
            new Rule("GET", "/api/v1/admin/members", SIGNED_IN, ADMIN, NONE),
            new Rule("GET", "/api/v1/admin/members/{member}/coverage", SIGNED_IN, ADMIN, NONE),
            new Rule("GET", "/api/v1/admin/coverage", SIGNED_IN, ADMIN, NONE),
            new Rule("GET", "/api/v1/admin/dead-letters", SIGNED_IN, ADMIN, NONE),
            new Rule("POST", "/api/v1/admin/dead-letters/replay", SIGNED_IN, ADMIN, NONE),
            new Rule("GET", "/api/v1/admin/quota", SIGNED_IN, ADMIN, NONE),
            new Rule("GET", "/api/v1/admin/audit", SIGNED_IN, ADMIN_OR_AUDITOR, NONE));

    private Policy() {}
}
