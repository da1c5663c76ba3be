package io.vitals.whoop.model;

import java.time.LocalDate;
import java.util.Map;

/** What is known of one day, per kind of record. */
public record Coverage(LocalDate date, Map<RecordType, State> states) {

    public Coverage {
        states = Map.copyOf(states);
    }

    /** Present: a record; pending: a record WHOOP has not scored; empty: asked, none; missing: not asked yet; failed: asked in vain. */
    public enum State {
        PRESENT,
        PENDING,
        EMPTY,
        MISSING,
        FAILED
    }
}
