package io.vitals.sandbox.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** The settings without which an acknowledged commit can be lost. */
final class Durability {
    static final Map<String, String> SETTINGS =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    private Durability() {}

    /** Asks the running server, because the binaries' wrapper switches two of the three off unless told otherwise. */
    static void require(Connection connection) throws SQLException {
        for (String name : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery("SHOW " + name)) {
                result.next();
                String value = result.getString(1);
                if (!"on".equals(value)) {
                    throw new PostgresFailure("PostgreSQL runs with " + name + "=" + value
                            + ": a commit could be lost, so it is not used");
                }
            }
        }
    }
}
