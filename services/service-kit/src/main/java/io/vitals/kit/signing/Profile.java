package io.vitals.kit.signing;

import java.time.Duration;
import java.util.List;

/** What signer and verifier agree on beforehand, so that no message can say otherwise. */
final class Profile {
    static final String LABEL = "vitals";
    static final String TAG = "vitals-internal";
    static final Duration LIFETIME = Duration.ofSeconds(60);

    /** Headers that change what a call means: signed whenever they are there, so none can be added, changed or taken away. */
    static final List<String> IF_PRESENT = List.of("authorization", "idempotency-key", "x-request-deadline");

    private Profile() {}
}
