package io.vitals.kit.db;

import java.util.List;
import java.util.Optional;

/**
 * Runs named statements: on its own connection each, or inside a transaction. All methods throw {@link
 * DatabaseException}.
 */
public interface SqlExecutor {
    <T> List<T> list(Sql sql, Params params, RowMapper<T> mapper);

    <T> Optional<T> first(Sql sql, Params params, RowMapper<T> mapper);

    /** For statements without an answer; returns the number of rows touched. */
    long execute(Sql sql, Params params);
}
