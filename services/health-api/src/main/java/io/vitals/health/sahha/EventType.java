package io.vitals.health.sahha;

/** The events that we keep. Others are accepted and dropped: data logs alone would be two thirds of the volume. */
final class EventType {
    static final String SCORE = "ScoreCreatedIntegrationEvent";
    static final String BIOMARKER = "BiomarkerCreatedIntegrationEvent";

    private EventType() {}

    static boolean kept(String type) {
        return type.equals(SCORE) || type.equals(BIOMARKER);
    }
}
