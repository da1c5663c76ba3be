package io.vitals.kit.db;

import io.vitals.kit.deadline.Deadline;
import org.postgresql.jdbc.PgStatement;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A connection whose statements end with the request they serve: the server cancels those for which nobody waits any longer. */
final class DeadlineConnection implements InvocationHandler {
    /** As the server says itself when a statement took too long. */
    private static final String CANCELED = "57014";

    private final Connection connection;

    private DeadlineConnection(Connection connection) {
        this.connection = connection;
    }

    /** The connection itself if nobody set a deadline. */
    static Connection of(Connection connection) {
        return Deadline.left().isEmpty()
                ? connection
                : (Connection) Proxy.newProxyInstance(
                        DeadlineConnection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        new DeadlineConnection(connection));
    }

    static SQLException over() {
        return new SQLException("the deadline is over", CANCELED);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        try {
            Object result = method.invoke(connection, arguments);
            if (result instanceof Statement statement) {
                limit(statement);
            }
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static void limit(Statement statement) throws SQLException {
        long millis = Deadline.left().map(Duration::toMillis).orElse(Long.MAX_VALUE);
        if (millis <= 0) {
            statement.close();
            throw over();
        }
        // JDBC's own limit knows whole seconds only.
        statement.unwrap(PgStatement.class).setQueryTimeoutMs(millis);
    }
}
