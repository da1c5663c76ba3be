package io.vitals.health.access;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.UUID;

/**
 * A request that the policy let through.
 *
 * @param caller who makes it
 * @param subject the member whom it is about: the owner whom the path names, on other routes the caller
 */
public record Call(Caller caller, UUID subject, ServerRequest request, ServerResponse response) {

    /** The same with another way to answer. */
    public Call answeredBy(ServerResponse other) {
        return new Call(caller, subject, request, other);
    }

    /** A handler of such requests. */
    @FunctionalInterface
    public interface Endpoint {
        void handle(Call call) throws Exception;
    }
}
