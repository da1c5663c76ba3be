package io.vitals.health.sahha;

import java.util.UUID;
import java.util.function.Consumer;

/**
 * The Sahha side of a member: registration, withdrawal, export. Calls return at once; registration and polling run in
 * the background, so a Sahha that is down never fails a member's request.
 */
public interface Sahha {

    /** The member consented: register a profile under the member id and start polling. Idempotent. */
    void consented(UUID member);

    /** The member withdrew consent: polling stops and webhooks of this member are dropped. Stored rows stay. */
    void withdrawn(UUID member);

    /** Every stored score and biomarker of the member, one JSON object a call, oldest first; for the export. */
    void export(UUID member, Consumer<byte[]> row);
}
