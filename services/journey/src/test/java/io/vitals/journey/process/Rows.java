package io.vitals.journey.process;

import io.vitals.sandbox.launcher.Stack;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks into the databases behind the services' backs. */
final class Rows {
    private final Stack stack;

    Rows(Stack stack) {
        this.stack = stack;
    }

    long inboxOfWhoop() {
        return count("whoop", "SELECT count(*) FROM webhook_inbox");
    }

    /** Events still to be worked off. Parked ones, of people who have left, wait for a link and not for a worker. */
    long pendingInboxOfWhoop() {
        return count("whoop", "SELECT count(*) FROM webhook_inbox WHERE state = 'pending'");
    }

    long inboxOfSahha() {
        return count("health", "SELECT count(*) FROM sahha_inbox");
    }

    private long count(String database, String query) {
        try (Connection connection = stack.postgres().superuser(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
