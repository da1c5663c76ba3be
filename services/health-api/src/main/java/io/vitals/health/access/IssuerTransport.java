package io.vitals.health.access;

import java.net.URI;
import java.util.Map;

/** How the issuer is reached: bounded in time and size, redirects not followed. */
interface IssuerTransport {

    /**
     * Reads.
     *
     * @throws IssuerUnavailableException when there was no whole answer in time
     */
    Answer get(URI uri);

    /**
     * Posts a form.
     *
     * @param form an {@code application/x-www-form-urlencoded} body
     * @throws IssuerUnavailableException when there was no whole answer in time
     */
    Answer post(URI uri, Map<String, String> headers, String form);

    /** An answer of any status. */
    record Answer(int status, String contentType, String body) {
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }
}
