package io.vitals.health.keys;

import java.util.Arrays;
import java.util.Optional;

/** What a key may be used for. A key has no more than it was given; a person has all. */
public enum Scope {
    /** Reading merged days, their explanation, summaries and changes. */
    DAYS_READ("days:read"),
    /** Asking the sources for what is new. */
    REFRESH("refresh"),
    /** Everything stored about the member, as one file. */
    EXPORT("export");

    private final String wire;

    Scope(String wire) {
        this.wire = wire;
    }

    /** The name in JSON and in the database. */
    public String wire() {
        return wire;
    }

    public static Optional<Scope> of(String wire) {
        return Arrays.stream(values()).filter(scope -> scope.wire.equals(wire)).findFirst();
    }
}
