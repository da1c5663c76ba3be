package io.vitals.health.whoop;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * A page of the change feed, in order. The reader stores {@code cursor} together with the effect of the page and asks
 * for what comes after it.
 */
public record WhoopChanges(List<Change> changes, String cursor) {

    public WhoopChanges {
        changes = changes == null ? List.of() : List.copyOf(changes);
    }

    /**
     * Something of this member changed.
     *
     * @param date the local day that changed; null when no single day did (profile, link)
     * @param kind cycle, recovery, sleep, workout, body, profile or link
     * @param traceparent where the trace of what changed it stood; null if it has none
     */
    public record Change(
            UUID member,
            @Nullable LocalDate date,
            String kind,
            @Nullable String traceparent) {}
}
