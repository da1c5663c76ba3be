package io.vitals.whoop.model;

import java.time.LocalDate;
import java.util.Map;

/**
 * What is known of one day, per kind of record.
 *
 * @param reasons for each kind that failed, the code of the failure
 */
public record Coverage(LocalDate date, Map<RecordType, State> states, Map<RecordType, String> reasons) {

    public Coverage {
        states = Map.copyOf(states);
        reasons = Map.copyOf(reasons);
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
