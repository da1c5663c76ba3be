package io.vitals.health.daily;

/** Which Sahha type a metric is read from. */
sealed interface SahhaRule {

    String type();

    record OfScore(String type) implements SahhaRule {}

    record OfBiomarker(String type) implements SahhaRule {}

    static SahhaRule score(String type) {
        return new OfScore(type);
    }

    static SahhaRule biomarker(String type) {
        return new OfBiomarker(type);
    }
}
