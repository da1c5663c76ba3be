package io.vitals.sandbox.sahha;

import io.vitals.sandbox.member.PersonDay;
import io.vitals.sandbox.member.Profile;
import io.vitals.sandbox.member.SleepSpan;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The biomarkers of a day: daily totals and averages, and its exercise sessions; every value a text. */
final class BiomarkerDocuments {
    static final List<String> CATEGORIES =
            List.of("activity", "body", "characteristic", "exercise", "reproductive", "sleep", "vitals");

    private BiomarkerDocuments() {}

    static List<Map<String, Object>> of(Profiles.Profile profile, PersonDay day) {
        var writer = new Writer(profile, day);
        activity(writer, day.movement());
        sleep(writer, day);
        vitals(writer, day.vitals());
        body(writer, profile.person().profile());
        profile.exercises(day)
                .forEach(exercise -> writer.documents.add(ExerciseDocuments.biomarker(profile, exercise)));
        return writer.documents;
    }

    /** The longest sleep that ended on the day; naps do not count. */
    static @Nullable SleepSpan mainSleep(PersonDay day) {
        return day.sleeps().stream()
                .filter(sleep -> !sleep.nap())
                .max(Comparator.comparing(SleepSpan::asleep))
                .orElse(null);
    }

    private static void activity(Writer writer, PersonDay.Movement movement) {
        writer.integer("activity", "steps", "total", movement.steps(), "count");
        writer.integer("activity", "floors_climbed", "total", movement.floors(), "count");
        writer.integer("activity", "active_duration", "total", movement.activeMinutes(), "minute");
        writer.integer("activity", "activity_sedentary_duration", "total", movement.sedentaryMinutes(), "minute");
        writer.decimal("activity", "active_energy_burned", "total", movement.activeEnergyKcal(), "kcal");
        writer.decimal("activity", "total_energy_burned", "total", movement.totalEnergyKcal(), "kcal");
    }

    private static void sleep(Writer writer, PersonDay day) {
        SleepSpan main = mainSleep(day);
        if (main == null) {
            return;
        }
        writer.time("sleep", "sleep_start_time", SahhaDocuments.withOffset(main.start(), main.offset()));
        writer.time("sleep", "sleep_end_time", SahhaDocuments.withOffset(main.end(), main.offset()));
        writer.minutes("sleep_duration", main.asleep());
        writer.minutes("sleep_in_bed_duration", main.inBed());
        writer.minutes("sleep_awake_duration", main.awake());
        writer.minutes("sleep_light_duration", main.light());
        writer.minutes("sleep_deep_duration", main.deep());
        writer.minutes("sleep_rem_duration", main.rem());
        writer.integer("sleep", "sleep_interruptions", "total", main.interruptions(), "count");
        writer.decimal("sleep", "sleep_efficiency", "average", main.efficiency() * 100, "percentage");
        writer.decimal("sleep", "sleep_debt", "total", day.scores().sleepDebtMinutes(), "minute");
        writer.decimal("sleep", "sleep_regularity", "average", day.scores().sleepRegularity() * 100, "percentage");
    }

    private static void vitals(Writer writer, PersonDay.@Nullable Vitals vitals) {
        if (vitals == null) {
            return;
        }
        writer.decimal("vitals", "heart_rate_resting", "average", vitals.restingHeartRate(), "bpm");
        writer.decimal("vitals", "heart_rate_variability_rmssd", "average", vitals.hrvRmssd(), "ms");
        writer.decimal("vitals", "heart_rate_variability_sdnn", "average", vitals.hrvSdnn(), "ms");
        writer.decimal("vitals", "respiratory_rate", "average", vitals.respiratoryRate(), "bpm");
        writer.decimal("vitals", "oxygen_saturation", "average", vitals.oxygenSaturation(), "percentage");
    }

    private static void body(Writer writer, Profile person) {
        writer.decimal("body", "height", "average", person.heightMeter(), "m");
        writer.decimal("body", "weight", "average", person.weightKilogram(), "kg");
    }

    private static final class Writer {
        final List<Map<String, Object>> documents = new ArrayList<>();
        private final Profiles.Profile profile;
        private final PersonDay day;

        Writer(Profiles.Profile profile, PersonDay day) {
            this.profile = profile;
            this.day = day;
        }

        void integer(String category, String type, String aggregation, long value, String unit) {
            add(category, type, aggregation, Long.toString(value), unit, "integer");
        }

        void decimal(String category, String type, String aggregation, double value, String unit) {
            add(category, type, aggregation, Double.toString(SahhaDocuments.round(value, 3)), unit, "decimal");
        }

        void minutes(String type, Duration duration) {
            decimal("sleep", type, "total", duration.toSeconds() / 60.0, "minute");
        }

        void time(String category, String type, String value) {
            add(category, type, "none", value, "datetime", "datetime");
        }

        private void add(
                String category, String type, String aggregation, String value, String unit, String valueType) {
            var document = SahhaDocuments.identified(profile, day, "biomarker " + type);
            document.put("category", category);
            document.put("type", type);
            document.put("periodicity", "daily");
            document.put("aggregation", aggregation);
            document.put("value", value);
            document.put("unit", unit);
            document.put("valueType", valueType);
            document.put("startDateTime", SahhaDocuments.withOffset(day.start(), day.offset()));
            document.put("endDateTime", SahhaDocuments.withOffset(day.until(), day.offset()));
            document.put("createdAtUtc", SahhaDocuments.utc(SahhaDocuments.issuedAt(day)));
            document.put("version", 1);
            documents.add(document);
        }
    }
}
