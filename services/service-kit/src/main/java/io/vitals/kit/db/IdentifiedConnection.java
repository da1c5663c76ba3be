package io.vitals.kit.db;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A connection that hides what {@link Identity} puts around a statement: whoever runs it gets the result of the statement itself. The driver
 * sends all parts at once, so saying for whom costs no journey of its own.
 */
final class IdentifiedConnection implements InvocationHandler {
    private final Connection connection;

    private IdentifiedConnection(Connection connection) {
        this.connection = connection;
    }

    static Connection of(Connection connection) {
        return proxy(Connection.class, new IdentifiedConnection(connection));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Object result = call(connection, method, arguments);
        return result instanceof PreparedStatement statement && Identity.leads((String) arguments[0])
                ? proxy(PreparedStatement.class, new Led(statement))
                : result;
    }

    /** A statement behind one that sets an identity. */
    private record Led(PreparedStatement statement) implements InvocationHandler {
        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            return switch (method.getName()) {
                case "executeQuery" -> {
                    second();
                    yield statement.getResultSet();
                }
                case "executeUpdate" -> {
                    second();
                    yield statement.getUpdateCount();
                }
                default -> call(statement, method, arguments);
            };
        }

        private void second() throws SQLException {
            if (!statement.execute()) {
                throw new SQLException("no identity was set");
            }
            statement.getMoreResults();
        }
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(
                Proxy.newProxyInstance(IdentifiedConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
