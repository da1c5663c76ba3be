package io.vitals.whoop.webhook;

import io.vitals.whoop.model.RecordType;

import java.util.Arrays;
import java.util.Optional;

/** The events WHOOP sends. A creation comes as an update; for cycles, body and profile there is none. */
enum EventType {
    SLEEP_UPDATED("sleep.updated", RecordType.SLEEP, false),
    SLEEP_DELETED("sleep.deleted", RecordType.SLEEP, true),
    RECOVERY_UPDATED("recovery.updated", RecordType.RECOVERY, false),
    RECOVERY_DELETED("recovery.deleted", RecordType.RECOVERY, true),
    WORKOUT_UPDATED("workout.updated", RecordType.WORKOUT, false),
    WORKOUT_DELETED("workout.deleted", RecordType.WORKOUT, true);

    private final String code;
    private final RecordType record;
    private final boolean deletion;

    EventType(String code, RecordType record, boolean deletion) {
        this.code = code;
        this.record = record;
        this.deletion = deletion;
    }

    static Optional<EventType> of(String code) {
        return Arrays.stream(values()).filter(type -> type.code.equals(code)).findFirst();
    }

    String code() {
        return code;
    }

    RecordType record() {
        return record;
    }

    boolean deletion() {
        return deletion;
    }
}
