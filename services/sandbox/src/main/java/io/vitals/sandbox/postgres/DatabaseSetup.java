package io.vitals.sandbox.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/** Roles and database of one service, made when missing. */
final class DatabaseSetup {
    /** Names stand in statements that take no parameters, so they may hold nothing that needs quoting. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private DatabaseSetup() {}

    static void ensure(Connection connection, String database, DatabaseLogin owner, DatabaseLogin app)
            throws SQLException {
        role(connection, owner);
        role(connection, app);
        if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", database)) {
            run(connection, "CREATE DATABASE " + name(database) + " OWNER " + name(owner.user()));
        }
        run(connection, "REVOKE ALL ON DATABASE " + name(database) + " FROM PUBLIC");
        run(connection, "GRANT CONNECT ON DATABASE " + name(database) + " TO " + name(app.user()));
    }

    private static void role(Connection connection, DatabaseLogin login) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", login.user())) {
            run(connection, "CREATE ROLE " + name(login.user()) + " LOGIN");
        }
        // ALTER ROLE takes no parameters; this way the password still stands in no statement's text.
        try (PreparedStatement settings = connection.prepareStatement(
                "SELECT set_config('sandbox.role', ?, false), set_config('sandbox.password', ?, false)")) {
            settings.setString(1, login.user());
            settings.setString(2, login.password());
            settings.execute();
        }
        run(connection, """
                DO $$ BEGIN
                  EXECUTE format('ALTER ROLE %I PASSWORD %L',
                      current_setting('sandbox.role'), current_setting('sandbox.password'));
                END $$""");
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private static void run(Connection connection, String statementText) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(statementText);
        }
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a plain database name: " + name);
        }
        return name;
    }
}
