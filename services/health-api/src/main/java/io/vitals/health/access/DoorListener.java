package io.vitals.health.access;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.http.Failure;

import java.util.UUID;

/** Is told of what happens at the door; what it throws stops what it was told of. */
public interface DoorListener {
    /** Hears nothing. */
    DoorListener NONE = new DoorListener() {};

    /** Before the session's cookie leaves. */
    default void signedIn(UUID member) {}

    default void signedOut(UUID member) {}

    /**
     * A known caller was not let through to a route.
     *
     * @param subject the member whom the request was about
     */
    default void refused(Rule rule, Caller caller, UUID subject, ServerRequest request, Failure failure) {}
}
