package io.vitals.health.daily;

import io.vitals.health.daily.MetricValue.Reading;

/** The rules of the merge in words, for people. */
final class MetricRules {
    private MetricRules() {}

    /** The rule by which a metric is chosen on every day. */
    static String rule(Metric metric) {
        if (metric.pick() != Metric.Pick.DERIVED) {
            if (!metric.offeredBy(Source.SAHHA)) {
                return "Only WHOOP measures it.";
            }
            if (!metric.offeredBy(Source.WHOOP)) {
                return "Only Sahha measures it.";
            }
        }
        return switch (metric.pick()) {
            case WHOOP -> "WHOOP's value if it has one, else Sahha's.";
            case SAHHA -> "Sahha's value if it has one, else WHOOP's.";
            case FULL_CYCLE ->
                "WHOOP's value for a cycle that has ended and is this date's alone, else Sahha's total of the calendar"
                        + " day, else WHOOP's so far.";
            case BLOCK ->
                "All values of a night are from one source: WHOOP's if its primary sleep is scored, else Sahha's.";
            case NEWEST -> "The newest measurement, whoever made it.";
            case DERIVED -> "WHOOP's recovery if it is scored and not calibrating, else Sahha's readiness.";
        };
    }

    /** What the rule came to, given what both sources have. */
    static String decision(Metric metric, Reading chosen, MetricValue whoop, MetricValue sahha) {
        String winner = chosen.source() == Source.WHOOP ? "WHOOP" : "Sahha";
        MetricValue loser = chosen.source() == Source.WHOOP ? sahha : whoop;
        boolean contested = whoop.present() && sahha.present();
        return switch (metric.pick()) {
            case WHOOP, SAHHA ->
                contested ? winner + " goes first here." : winner + " alone has a value" + because(loser);
            case FULL_CYCLE ->
                contested
                        ? chosen.source() == Source.WHOOP
                                ? "WHOOP's cycle is complete."
                                : "WHOOP's cycle still runs or spans several dates, so Sahha's total counts."
                        : winner + " alone has a value" + because(loser);
            case BLOCK ->
                chosen.source() == Source.WHOOP
                        ? "WHOOP's night is scored, so the whole night is WHOOP's."
                        : "WHOOP has no scored night, so the whole night is Sahha's.";
            case NEWEST -> contested ? winner + " measured last." : winner + " alone has a value" + because(loser);
            case DERIVED -> {
                if (chosen.source() == Source.WHOOP) {
                    yield "WHOOP's recovery is scored and not calibrating.";
                }
                yield whoop.present()
                        ? "WHOOP still learns this member's baseline, so Sahha's readiness counts."
                        : "WHOOP has no scored recovery, so Sahha's readiness counts.";
            }
        };
    }

    private static String because(MetricValue loser) {
        return loser instanceof MetricValue.Absence absence && absence.reason() == Reason.PENDING_SCORE
                ? "; the other one's is not scored yet."
                : ".";
    }

    /** Why there is no value. */
    static String absence(Reason reason) {
        return switch (reason) {
            case NOT_CONNECTED -> "No source that could bring it is connected.";
            case NO_RECORD -> "No connected source has a record of this day.";
            case DELETED -> "The source took its record back.";
            case NOT_MEASURED -> "The record is there but does not hold this measurement.";
            case UNSCORABLE -> "The source says that it cannot score its record.";
            case PENDING_SCORE -> "The record is there, its score is not yet.";
        };
    }
}
