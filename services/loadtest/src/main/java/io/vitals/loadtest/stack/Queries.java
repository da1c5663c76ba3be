package io.vitals.loadtest.stack;

import io.vitals.sandbox.postgres.SandboxDatabase;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks into a service's database, and readies it, as its owner. */
public final class Queries {
    private Queries() {}

    /** The number that a query returns. */
    public static long count(SandboxDatabase database, String query) throws SQLException {
        try (Connection connection = database.connectAsOwner()) {
            return count(connection, query);
        }
    }

    public static long count(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    public static void execute(SandboxDatabase database, String statements) throws SQLException {
        try (Connection connection = database.connectAsOwner()) {
            execute(connection, statements);
        }
    }

    public static void execute(Connection connection, String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }
}
