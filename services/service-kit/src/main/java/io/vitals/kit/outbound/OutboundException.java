package io.vitals.kit.outbound;

import java.util.Locale;

/** A call got no usable answer. Names the upstream and the kind, nothing of the request or the answer. */
public final class OutboundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How the call failed. */
    public enum Kind {
        /** Not sent: too many calls before this one failed, and the upstream is left alone for a while. */
        CIRCUIT_OPEN,
        /** Not sent: too many calls are under way. */
        BUSY,
        /** No connection: the upstream cannot have acted. */
        CONNECT,
        /** No complete answer in time: the upstream may have acted. */
        TIMEOUT,
        /** The answer was larger than allowed. */
        TOO_LARGE,
        /** The answer was cut or is not HTTP: the upstream may have acted. */
        PROTOCOL;

        boolean brokenConnection() {
            return this == CONNECT || this == PROTOCOL;
        }
    }

    private final Kind kind;

    OutboundException(String upstream, Kind kind) {
        super(upstream + ": " + kind.name().toLowerCase(Locale.ROOT));
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the call was tried at all. */
    public boolean sent() {
        return kind != Kind.CIRCUIT_OPEN && kind != Kind.BUSY;
    }
}
