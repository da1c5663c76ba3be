package io.vitals.health.sahha;

import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.UUID;

/** Who has to know that Sahha rows changed. Called inside the transaction that changes them. */
public interface SahhaListener {

    void daysChanged(SqlExecutor transaction, UUID member, Set<LocalDate> dates);

    void stateChanged(SqlExecutor transaction, UUID member, State state);

    /** After the commit: what was announced may be acted on now. */
    void committed();

    /**
     * How a member stands with Sahha.
     *
     * @param name registering, active, failing or withdrawn
     * @param connected whether data may arrive
     * @param stale connected, but not asked with success for too long
     */
    record State(
            String name,
            boolean connected,
            boolean stale,
            @Nullable Instant lastDataAt) {}
}
