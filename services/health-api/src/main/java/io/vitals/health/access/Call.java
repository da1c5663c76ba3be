package io.vitals.health.access;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** A request that the policy let through. For a route with an owner, the caller is the owner. */
public record Call(Caller caller, ServerRequest request, ServerResponse response) {

    /** A handler of such requests. */
    @FunctionalInterface
    public interface Endpoint {
        void handle(Call call) throws Exception;
    }
}
