package io.vitals.whoop.model;

import java.util.List;
import java.util.Locale;

/** The kinds of record WHOOP offers. */
public enum RecordType {
    SLEEP,
    CYCLE,
    RECOVERY,
    WORKOUT,
    PROFILE,
    BODY;

    /** The kinds that come as dated collections, in the order in which a fresh link fetches them: a sleep dates its cycle and its recovery. */
    public static final List<RecordType> COLLECTIONS = List.of(SLEEP, CYCLE, RECOVERY, WORKOUT);

    /** The lower-case name used in the database, the API and metric labels. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static RecordType of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
