package io.vitals.whoop.link;

import io.vitals.kit.config.Secret;

import java.time.Duration;

/** What a worker gets when it asks for a member's access token. */
public sealed interface Access {
    /** A token that WHOOP should take now. */
    record Ready(Secret token, long generation) implements Access {}

    /** Somebody refreshes at the moment, or a refresh failed a moment ago. Come back; it costs no attempt. */
    record Later(Duration pause) implements Access {}

    /** There is no link to work with: revoked, lost, or never made. */
    record Gone() implements Access {}
}
