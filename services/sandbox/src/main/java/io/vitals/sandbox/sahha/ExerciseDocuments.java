package io.vitals.sandbox.sahha;

import io.vitals.sandbox.member.PersonDay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Exercise sessions that the phone knows: told at once as data logs, and to whoever asks as biomarkers of the category
 * exercise, under one id.
 */
final class ExerciseDocuments {
    static final String CATEGORY = "exercise";
    private static final String KIND = "exercise_session_";

    private ExerciseDocuments() {}

    /** The event of one session. */
    static Map<String, Object> log(Profiles.Profile profile, PersonDay.Exercise exercise) {
        var log = new LinkedHashMap<String, Object>();
        log.put("id", id(profile, exercise));
        log.put("parentId", null);
        log.put("value", minutes(exercise));
        log.put("unit", "minute");
        log.put("source", "com.apple.health");
        log.put("recordingMethod", "AUTOMATICALLY_RECORDED");
        log.put("deviceType", "iPhone14,7");
        log.put("startDateTime", SahhaDocuments.withOffset(exercise.start(), exercise.offset()));
        log.put("endDateTime", SahhaDocuments.withOffset(exercise.end(), exercise.offset()));
        log.put("additionalProperties", Map.of());
        var document = new LinkedHashMap<String, Object>();
        document.put("logType", "exercise");
        document.put("dataType", KIND + exercise.sport());
        document.put("profileId", profile.profileId().toString());
        document.put("accountId", SahhaDocuments.ACCOUNT.toString());
        document.put("externalId", profile.externalId());
        document.put("receivedAtUtc", SahhaDocuments.utc(exercise.end()));
        document.put("dataLogs", List.of(log));
        return document;
    }

    static Map<String, Object> biomarker(Profiles.Profile profile, PersonDay.Exercise exercise) {
        var document = new LinkedHashMap<String, Object>();
        document.put("id", id(profile, exercise));
        document.put("profileId", profile.profileId().toString());
        document.put("accountId", SahhaDocuments.ACCOUNT.toString());
        document.put("externalId", profile.externalId());
        document.put("category", CATEGORY);
        document.put("type", KIND + exercise.sport());
        document.put("periodicity", "none");
        document.put("aggregation", "total");
        document.put("value", Double.toString(minutes(exercise)));
        document.put("unit", "minute");
        document.put("valueType", "decimal");
        document.put("startDateTime", SahhaDocuments.withOffset(exercise.start(), exercise.offset()));
        document.put("endDateTime", SahhaDocuments.withOffset(exercise.end(), exercise.offset()));
        document.put("createdAtUtc", SahhaDocuments.utc(exercise.end()));
        document.put("version", 1);
        return document;
    }

    static String id(Profiles.Profile profile, PersonDay.Exercise exercise) {
        String name = profile.externalId() + " exercise " + exercise.sport() + " " + exercise.start();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static double minutes(PersonDay.Exercise exercise) {
        return Duration.between(exercise.start(), exercise.end()).toSeconds() / 60.0;
    }
}
