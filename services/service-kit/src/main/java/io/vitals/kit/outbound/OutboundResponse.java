package io.vitals.kit.outbound;

import java.util.Map;
import java.util.Optional;

/**
 * An answer.
 *
 * @param headers by lower-case name; of a repeated header, the first
 * @param body complete, within the client's limit
 */
public record OutboundResponse(int status, Map<String, String> headers, byte[] body) {
    public boolean successful() {
        return status >= 200 && status < 300;
    }

    public Optional<String> header(String lowerCaseName) {
        return Optional.ofNullable(headers.get(lowerCaseName));
    }
}
