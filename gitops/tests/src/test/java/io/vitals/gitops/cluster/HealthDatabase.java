package io.vitals.gitops.cluster;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;

/** The database of health-api in dev, as its migrations connect to it. */
final class HealthDatabase {
    private static final String HISTORY = "flyway_schema_history";

    private HealthDatabase() {}

    /** Holds what every migration looks at first, so that none goes on before this is closed. */
    static Lock lockedHistory() {
        try {
            Connection holder = connect();
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("LOCK TABLE " + HISTORY + " IN ACCESS EXCLUSIVE MODE");
            }
            return new Lock(holder);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static final class Lock implements AutoCloseable {
        private final Connection holder;

        private Lock(Connection holder) {
            this.holder = holder;
        }

        /** How many sessions wait for it now. */
        int waiting() throws SQLException {
            try (PreparedStatement statement = holder.prepareStatement(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = ?::regclass")) {
                statement.setString(1, HISTORY);
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    return rows.getInt(1);
                }
            }
        }

        /** Lets the migrations go on; once more does no harm. */
        void release() {
            close();
        }

        @Override
        public void close() {
            try {
                holder.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Connection connect() throws SQLException {
        Map<String, String> secret = Cluster.client()
                .secrets()
                .inNamespace(Release.NAMESPACE)
                .withName("health-api-database-migrator")
                .get()
                .getData();
        var properties = new Properties();
        properties.setProperty("user", text(secret, "username"));
        properties.setProperty("password", text(secret, "password"));
        properties.setProperty("sslmode", "require");
        properties.setProperty("connectTimeout", "10");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + Cluster.address(Release.NAMESPACE, "health-v1-rw") + ":5432/health", properties);
    }

    private static String text(Map<String, String> secret, String key) {
        return new String(Base64.getDecoder().decode(secret.get(key)), StandardCharsets.UTF_8);
    }
}
