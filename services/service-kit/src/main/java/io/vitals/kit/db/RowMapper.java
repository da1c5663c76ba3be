package io.vitals.kit.db;

/** Turns a row into a value. */
@FunctionalInterface
public interface RowMapper<T> {
    T map(Row row);
}
