package io.vitals.kit.state;

import io.vitals.kit.config.DatabaseSettings;
import io.vitals.kit.config.MigratorSettings;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * A connection of the role that owns the tables. No other can do this: the application may not read the audit log, and sees no row of a
 * member whom it does not name. The owner is bound by row-level security too, and is let in as the worker {@code transfer}.
 */
final class OwnerConnection {
    /** Longer than a pool's: one statement fetches the beginning of a large table in order, or verifies what was inserted. */
    private static final int STATEMENT_MILLIS = 600_000;

    private static final int LOCK_MILLIS = 10_000;

    private OwnerConnection() {}

    static Connection open(DatabaseSettings database, MigratorSettings owner, String service) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", owner.user());
        properties.setProperty("password", owner.password().reveal());
        properties.setProperty("ApplicationName", service + "-state");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", String.valueOf(STATEMENT_MILLIS / 1000 + 30));
        properties.setProperty("tcpKeepAlive", "true");
        // The server's detail line quotes row values.
        properties.setProperty("logServerErrorDetail", "false");
        properties.setProperty(
                "options",
                "-c statement_timeout=" + STATEMENT_MILLIS + " -c lock_timeout=" + LOCK_MILLIS
                        + " -c idle_in_transaction_session_timeout=" + STATEMENT_MILLIS
                        // What the text of a value depends on.
                        + " -c timezone=UTC -c bytea_output=hex -c extra_float_digits=1 -c intervalstyle=postgres");
        return DriverManager.getConnection(database.url(), properties);
    }

    /** Row-level security lets the rest of the transaction see and write all rows. */
    static void seeAllRows(Connection connection) throws SQLException {
        run(connection, "SELECT set_config('vitals.worker', 'transfer', true)");
    }

    static void lock(Connection connection, Collection<Catalogue.Table> tables, String mode) throws SQLException {
        run(
                connection,
                tables.stream()
                        .map(Catalogue.Table::quoted)
                        .collect(Collectors.joining(", ", "LOCK TABLE ", " IN " + mode + " MODE")));
    }

    static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static void run(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }
}
