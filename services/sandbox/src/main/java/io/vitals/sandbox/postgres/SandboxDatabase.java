package io.vitals.sandbox.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * How to reach one database.
 *
 * @param url JDBC URL without credentials
 * @param owner role that owns the database: migrations run as it
 * @param app role of the serving process: it may connect, and everything else must be granted to it
 */
public record SandboxDatabase(String name, String url, DatabaseLogin owner, DatabaseLogin app) {

    public Connection connectAsOwner() throws SQLException {
        return DriverManager.getConnection(url, owner.user(), owner.password());
    }

    public Connection connectAsApp() throws SQLException {
        return DriverManager.getConnection(url, app.user(), app.password());
    }
}
