package io.vitals.whoop.sync;

import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Owner;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * A walk through the past in the hands of a worker.
 *
 * @param type kind of record being walked; null while a reconciliation checks what was not listed
 * @param from start of the window being walked, {@code to} its end
 * @param goal how far back the walk is to go, window after window
 * @param token where the next page starts; null at the first
 * @param run the run of this type and window; null before its first page
 * @param reconciliation id of the reconciliation; null for other walks
 */
record Walk(
        Owner owner,
        Trigger trigger,
        UUID claim,
        @Nullable RecordType type,
        Instant from,
        Instant to,
        Instant goal,
        @Nullable String token,
        int pages,
        @Nullable Long run,
        @Nullable UUID reconciliation,
        Instant startedAt,
        int attempts)
        implements Step.Work {

    @Override
    public String task() {
        return "walk " + trigger.name().toLowerCase(Locale.ROOT);
    }

    /** Nobody waits for a walk: each step of it is a trace of its own. */
    @Override
    public @Nullable String traceparent() {
        return null;
    }

    UUID reconciliationId() {
        if (reconciliation == null) {
            throw new IllegalStateException("not a reconciliation");
        }
        return reconciliation;
    }
}
