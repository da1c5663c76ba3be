package io.vitals.health.sahha;

import java.time.Duration;
import java.util.UUID;

/**
 * The Sahha side of a member: registration, withdrawal, refresh. All but {@link #refresh} return at once; registration and
 * polling run in the background, so a Sahha that is down never fails a member's request.
 */
public interface Sahha {

    /** The member consented: register a profile under the member id and start polling. Idempotent. */
    void consented(UUID member);

    /** The member withdrew consent: polling stops and webhooks of this member are dropped. Stored rows stay. */
    void withdrawn(UUID member);

    /**
     * Asks Sahha about the member now, by the same steps as the poll. What changed is announced as always.
     *
     * @param budget how long Sahha may take; storing its answer comes on top
     */
    SahhaRefresh refresh(UUID member, Duration budget);
}
