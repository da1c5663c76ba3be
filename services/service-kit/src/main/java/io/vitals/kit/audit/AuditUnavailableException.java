package io.vitals.kit.audit;

import org.jspecify.annotations.Nullable;

/** An entry could not be made durable, so what it is about must not happen. */
public final class AuditUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuditUnavailableException(@Nullable Throwable cause) {
        super("the audit log cannot be written", cause);
    }
}
