package io.vitals.kit.db;

import java.util.Objects;

/**
 * A statement and the name under which it appears in metrics and logs. Kept as a constant beside its repository.
 *
 * @param name kebab-case, unique in its service
 * @param text with {@code :name} parameters; casts are written {@code CAST(:x AS jsonb)}
 */
public record Sql(String name, String text) {
    public Sql {
        Objects.requireNonNull(name);
        Objects.requireNonNull(text);
    }

    public static Sql named(String name, String text) {
        return new Sql(name, text);
    }
}
