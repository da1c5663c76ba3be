package io.vitals.whoop.model;

/** Whether WHOOP has scored a record. A state that WHOOP may add later reads as pending, so that it is fetched again. */
public enum ScoreState {
    SCORED,
    PENDING_SCORE,
    UNSCORABLE;

    public static ScoreState of(String text) {
        return switch (text) {
            case "SCORED" -> SCORED;
            case "UNSCORABLE" -> UNSCORABLE;
            default -> PENDING_SCORE;
        };
    }
}
