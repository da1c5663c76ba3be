package io.vitals.health.sahha;

import io.vitals.kit.outbound.OutboundException;
import org.jspecify.annotations.Nullable;

import java.io.Serial;

/** Sahha gave no usable answer. Names the kind, nothing of the request or the answer. */
final class SahhaUnavailableException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    SahhaUnavailableException(String kind, @Nullable Throwable cause) {
        super("sahha: " + kind, cause);
    }

    /** Whether it was only too slow. */
    boolean late() {
        return getCause() instanceof OutboundException outbound && outbound.kind() == OutboundException.Kind.TIMEOUT;
    }
}
