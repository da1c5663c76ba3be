package io.vitals.sandbox.postgres;

import org.jspecify.annotations.Nullable;

/** PostgreSQL could not be started, stopped or set up; the message says why in one line. */
public final class PostgresFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PostgresFailure(String message) {
        super(message);
    }

    PostgresFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
