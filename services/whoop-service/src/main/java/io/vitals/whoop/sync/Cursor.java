package io.vitals.whoop.sync;

import io.vitals.whoop.model.RecordType;
import io.vitals.whoop.records.Owner;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * A cursor in the hands of a worker.
 *
 * @param completeTo everything before is fetched; null before the first full success
 * @param window what is being walked, and where; null between windows
 * @param traceparent where the trace of whoever asked for it stood; null if nobody did, or without one
 */
record Cursor(
        Owner owner,
        RecordType type,
        UUID claim,
        @Nullable Instant completeTo,
        @Nullable Window window,
        Trigger trigger,
        int attempts,
        @Nullable String traceparent)
        implements Step.Work {

    @Override
    public String task() {
        return "sync " + type.code();
    }

    Cursor with(Window opened) {
        return new Cursor(owner, type, claim, completeTo, opened, trigger, attempts, traceparent);
    }

    Window openWindow() {
        if (window == null) {
            throw new IllegalStateException("no window");
        }
        return window;
    }

    /** A stretch of time being walked, newest first; the token says where its next page starts. */
    record Window(Instant from, Instant to, @Nullable String token, int pages, long run) {}
}
