package io.vitals.kit.outbound;

import java.util.Map;
import java.util.Optional;

/**
 * An answer.
 *
 * @param headers by lower-case name; of a repeated header, the first
 * @param body complete, within the client's limit
 * @param attempts how many it took; more than one only from a client built for several replicas
 */
public record OutboundResponse(int status, Map<String, String> headers, byte[] body, int attempts) {
    public boolean successful() {
        return status >= 200 && status < 300;
    }

    OutboundResponse after(int tries) {
        return new OutboundResponse(status, headers, body, tries);
    }

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
