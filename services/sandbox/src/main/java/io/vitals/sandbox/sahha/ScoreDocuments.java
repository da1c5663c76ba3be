package io.vitals.sandbox.sahha;

import io.vitals.sandbox.member.PersonDay;
import io.vitals.sandbox.member.SleepSpan;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scores of a day in Sahha's shapes. */
final class ScoreDocuments {
    static final List<String> TYPES = List.of("activity", "sleep", "wellbeing", "mental_wellbeing", "readiness");

    private ScoreDocuments() {}

    static List<Map<String, Object>> of(Profiles.Profile profile, PersonDay day, List<String> types, ScoreShape shape) {
        var documents = new ArrayList<Map<String, Object>>();
        for (String type : types) {
            Double score = scoreOf(type, day.scores());
            if (score != null) {
                documents.add(
                        switch (shape) {
                            case FULL -> full(profile, day, type, score);
                            case QUICK_START -> quickStart(day, type, score);
                        });
            }
        }
        return documents;
    }

    private static @Nullable Double scoreOf(String type, PersonDay.Scores scores) {
        return switch (type) {
            case "activity" -> scores.activity();
            case "sleep" -> scores.sleep();
            case "wellbeing" -> scores.wellbeing();
            case "mental_wellbeing" -> scores.mentalWellbeing();
            case "readiness" -> scores.readiness();
            default -> throw new IllegalArgumentException("unknown score type");
        };
    }

    private static Map<String, Object> full(Profiles.Profile profile, PersonDay day, String type, double score) {
        var document = SahhaDocuments.identified(profile, day, "score " + type);
        document.put("type", type);
        document.put("score", SahhaDocuments.round(score, 4));
        document.put("state", stateOf(score));
        document.put("factors", factors(day, type));
        document.put("dataSources", List.of("sandbox_watch"));
        document.put("scoreDateTime", SahhaDocuments.withOffset(day.start(), day.offset()));
        document.put("createdAtUtc", SahhaDocuments.utc(SahhaDocuments.issuedAt(day)));
        document.put("version", 1);
        return document;
    }

    private static Map<String, Object> quickStart(PersonDay day, String type, double score) {
        var document = new LinkedHashMap<String, Object>();
        document.put("type", type);
        document.put("value", SahhaDocuments.round(score * 100, 1));
        document.put("state", stateOf(score));
        // The last second of a finished day: the end itself is the next day's midnight.
        Instant createdAt = day.complete() ? day.until().minus(Duration.ofSeconds(1)) : SahhaDocuments.issuedAt(day);
        document.put("createdAt", SahhaDocuments.withOffset(createdAt, day.offset()));
        document.put("factors", factors(day, type));
        return document;
    }

    private static List<Map<String, Object>> factors(PersonDay day, String type) {
        var factors = new ArrayList<Map<String, Object>>();
        switch (type) {
            case "sleep" -> sleepFactors(day, factors);
            case "activity" -> activityFactors(day, factors);
            case "readiness" -> {
                sleepFactors(day, factors);
                PersonDay.Vitals vitals = day.vitals();
                if (vitals != null) {
                    factors.add(factor(day, "resting_heart_rate", vitals.restingHeartRate(), 55, "bpm", true));
                    factors.add(factor(day, "heart_rate_variability", vitals.hrvSdnn(), 60, "ms", false));
                }
            }
            default -> {
                sleepFactors(day, factors);
                activityFactors(day, factors);
            }
        }
        return factors;
    }

    private static void sleepFactors(PersonDay day, List<Map<String, Object>> factors) {
        SleepSpan main = BiomarkerDocuments.mainSleep(day);
        if (main != null) {
            factors.add(factor(day, "sleep_duration", main.asleep().toSeconds() / 60.0, 480, "minute", false));
            factors.add(factor(day, "sleep_debt", day.scores().sleepDebtMinutes(), 60, "minute", true));
            factors.add(factor(day, "sleep_regularity", day.scores().sleepRegularity() * 100, 90, "percentage", false));
        }
    }

    private static void activityFactors(PersonDay day, List<Map<String, Object>> factors) {
        PersonDay.Movement movement = day.movement();
        factors.add(factor(day, "steps", movement.steps(), 10_000, "count", false));
        factors.add(factor(day, "active_calories", movement.activeEnergyKcal(), 500, "kcal", false));
        factors.add(factor(day, "floors_climbed", movement.floors(), 10, "count", false));
    }

    private static Map<String, Object> factor(
            PersonDay day, String name, double value, double goal, String unit, boolean lowIsGood) {
        double ratio = lowIsGood ? goal / Math.max(value, 1) : value / goal;
        double score = Math.clamp(ratio, 0, 1);
        var factor = new LinkedHashMap<String, Object>();
        factor.put("id", name + "-" + day.date());
        factor.put("name", name);
        factor.put("value", SahhaDocuments.round(value, 2));
        factor.put("goal", goal);
        factor.put("unit", unit);
        factor.put("score", SahhaDocuments.round(score, 4));
        factor.put("state", stateOf(score));
        return factor;
    }

    private static String stateOf(double score) {
        return score >= 0.8 ? "high" : score >= 0.6 ? "medium" : score >= 0.4 ? "low" : "minimal";
    }
}
