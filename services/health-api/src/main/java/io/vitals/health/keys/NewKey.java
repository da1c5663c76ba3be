package io.vitals.health.keys;

import java.util.Set;

/**
 * What a key shall be.
 *
 * @param name for its owner to know it by
 * @param days how long it lives, and how long each rotation gives it
 */
public record NewKey(String name, Set<Scope> scopes, int days) {
    public static final int LONGEST_NAME = 80;
    public static final int USUAL_DAYS = 90;
    public static final int MOST_DAYS = 365;

    public NewKey {
        scopes = Set.copyOf(scopes);
    }
}
