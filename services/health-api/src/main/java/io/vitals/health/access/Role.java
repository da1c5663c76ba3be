package io.vitals.health.access;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a person may be, as the issuer's {@code groups} claim says. */
public enum Role {
    MEMBER,
    ADMIN,
    AUDITOR;

    /** The name in tokens and in JSON. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The roles among these group names; a name that is no role gives nothing. */
    static Set<Role> among(Collection<String> groups) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : values()) {
            if (groups.contains(role.wire())) {
                roles.add(role);
            }
        }
        return Collections.unmodifiableSet(roles);
    }
}
