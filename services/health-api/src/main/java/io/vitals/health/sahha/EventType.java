package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Locale;

/**
 * The events that we keep. Others are accepted and dropped, among them all data logs but those of exercise: what they
 * measure comes as biomarkers, of which each would be many logs.
 */
final class EventType {
    static final String SCORE = "ScoreCreatedIntegrationEvent";
    static final String BIOMARKER = "BiomarkerCreatedIntegrationEvent";

    static final String DATA_LOG = "DataLogReceivedIntegrationEvent";

    static final List<String> ALL = List.of(SCORE, BIOMARKER, DATA_LOG);

    private EventType() {}

    static boolean kept(String type, JsonNode event) {
        return type.equals(SCORE)
                || type.equals(BIOMARKER)
                || (type.equals(DATA_LOG)
                        && event.path("logType")
                                .asText()
                                .toLowerCase(Locale.ROOT)
                                .equals("exercise"));
    }
}
