package io.vitals.runbooks.incident;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An incident as people keep it, with what they learned.
 *
 * @param id as on-call gave it
 * @param drill whether it was made to happen
 * @param complete whether its post-mortem is finished
 * @param page what a page calls it
 * @param mitigatedAt when members no longer felt it
 * @param reviewed the day on which it was talked about
 * @param changed paths by what they are: alerts, tests, runbooks
 * @param unchanged why nothing was changed
 * @param sections what is written, by the title
 */
record IncidentRecord(
        String id,
        String title,
        String sev,
        boolean drill,
        boolean complete,
        String page,
        List<String> alerts,
        Optional<Instant> startedAt,
        Optional<Instant> notifiedAt,
        Optional<Instant> acknowledgedAt,
        Optional<String> acknowledgedBy,
        Optional<Instant> mitigatedAt,
        Optional<Instant> resolvedAt,
        Optional<LocalDate> reviewed,
        Impact impact,
        Map<String, List<String>> changed,
        Optional<String> unchanged,
        List<Action> actions,
        Map<String, String> sections) {
    /**
     * What members felt.
     *
     * @param data none, delayed, lost or exposed
     * @param budget share of a month's budget that it cost
     */
    record Impact(double members, double minutes, String data, double budget) {}

    /**
     * What is done so that it does not happen again, is seen sooner, or hurts less.
     *
     * @param owner a role
     * @param test that holds it; empty when none can
     */
    record Action(
            String id,
            String what,
            String type,
            String owner,
            Optional<LocalDate> due,
            Optional<LocalDate> done,
            Optional<String> test,
            Optional<String> noTest) {}

    IncidentRecord {
        alerts = List.copyOf(alerts);
        changed = Map.copyOf(changed);
        actions = List.copyOf(actions);
        // In the order of the file.
        sections = Collections.unmodifiableMap(new LinkedHashMap<>(sections));
    }

    /** Whether people were hurt enough for a post-mortem to be owed. */
    boolean owesPostMortem() {
        return sev.equals("SEV1") || sev.equals("SEV2");
    }
}
