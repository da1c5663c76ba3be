package io.vitals.health.country;

import io.helidon.webserver.http.ServerRequest;

import java.util.Optional;

/** Says where a request comes from. */
@FunctionalInterface
interface CountrySource {
    /** Two capital letters; empty when it is not known. */
    Optional<String> of(ServerRequest request);
}
