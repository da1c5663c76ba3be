package io.vitals.kit.db;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;

/** A statement failed. Carries its name, the kind and the constraint, never a row's values. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as a caller can act on it. */
    public enum Kind {
        /** No connection could be had, or it broke: nothing is known of the outcome. */
        CONNECTION,
        /** A unique, foreign-key, check or not-null rule refused the row. */
        CONSTRAINT,
        /** A value that its column cannot hold, that is too large, or that the statement cannot compute with. */
        DATA,
        /** A conflict with another transaction: doing it again may succeed. */
        SERIALIZATION,
        /** The statement took longer than allowed. */
        TIMEOUT,
        /** A fault of ours. */
        OTHER
    }

    private final Kind kind;
    private final String constraint;

    private DatabaseException(
            String statement, Kind kind, String sqlState, String constraint, @Nullable Throwable cause) {
        super(statement + ": " + kind.name().toLowerCase(Locale.ROOT) + " (" + sqlState + ")", cause);
        this.kind = kind;
        this.constraint = constraint;
    }

    static DatabaseException of(String statement, Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException e) {
                String state = e.getSQLState() == null ? "" : e.getSQLState();
                return new DatabaseException(statement, kindOf(e, state), state, constraintOf(e), thrown);
            }
        }
        return new DatabaseException(statement, Kind.OTHER, "", "", thrown);
    }

    private static Kind kindOf(SQLException e, String state) {
        // Without a state it comes from this side: the server gives one with each of its refusals.
        if (state.isEmpty()
                || e instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("57P")) {
            return Kind.CONNECTION;
        } else if (state.startsWith("23")) {
            return Kind.CONSTRAINT;
        } else if (state.startsWith("22") || state.startsWith("54")) {
            return Kind.DATA;
        } else if (state.equals("40001") || state.equals("40P01")) {
            return Kind.SERIALIZATION;
        } else if (state.equals("57014")) {
            return Kind.TIMEOUT;
        }
        return Kind.OTHER;
    }

    private static String constraintOf(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String name = message == null ? null : message.getConstraint();
        return name == null ? "" : name;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the database is well and refuses just what it was given: other rows may still be taken. */
    public boolean refusesRow() {
        return kind == Kind.CONSTRAINT || kind == Kind.DATA;
    }

    /** The name of the violated constraint, or empty. */
    public String constraint() {
        return constraint;
    }
}
