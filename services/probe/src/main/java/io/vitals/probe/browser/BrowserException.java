package io.vitals.probe.browser;

import java.util.Locale;

/** The browser cannot go on. Says what kind of fault it is, and nothing of addresses, headers or bodies, which may hold codes and tokens. */
public final class BrowserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** No connection. */
        CONNECT,
        /** No encryption that can be trusted: a certificate that is over, of another name or of nobody known. */
        TLS,
        /** No complete answer in time. */
        TIMEOUT,
        /** The answer was larger than allowed. */
        TOO_LARGE,
        /** The answer was cut, or is not HTTP. */
        PROTOCOL,
        /** Another status than expected. */
        STATUS,
        /** No redirect where one belongs, or one to where none may lead. */
        REDIRECT,
        /** The page has no form, or one that would be sent elsewhere. */
        FORM,
        /** The answer does not say what it should. */
        CONTENT
    }

    private final Kind kind;
    private final String reason;

    public BrowserException(Kind kind) {
        this(kind, kind.name().toLowerCase(Locale.ROOT));
    }

    private BrowserException(Kind kind, String reason) {
        super(reason);
        this.kind = kind;
        this.reason = reason;
    }

    static BrowserException status(int status) {
        return new BrowserException(Kind.STATUS, "status_" + status);
    }

    public Kind kind() {
        return kind;
    }

    /** As a label: the kind, and of a status also which. */
    public String reason() {
        return reason;
    }
}
