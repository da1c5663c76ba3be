package io.vitals.health.sahha;

import java.time.LocalDate;
import java.util.List;

/** What is stored of one member's local day; at most one score and one biomarker of each type. */
public record SahhaDay(
        LocalDate date, List<SahhaScore> scores, List<SahhaBiomarker> biomarkers, List<SahhaSession> sessions) {

    public SahhaDay {
        scores = List.copyOf(scores);
        biomarkers = List.copyOf(biomarkers);
        sessions = List.copyOf(sessions);
    }

    public static SahhaDay empty(LocalDate date) {
        return new SahhaDay(date, List.of(), List.of(), List.of());
    }

    public boolean isEmpty() {
        return scores.isEmpty() && biomarkers.isEmpty() && sessions.isEmpty();
    }
}
