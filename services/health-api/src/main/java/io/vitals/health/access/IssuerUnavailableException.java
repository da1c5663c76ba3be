package io.vitals.health.access;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** The issuer did not answer, or not what an issuer answers. */
final class IssuerUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    IssuerUnavailableException(String what, @Nullable Throwable cause) {
        super(what, cause);
    }
}
