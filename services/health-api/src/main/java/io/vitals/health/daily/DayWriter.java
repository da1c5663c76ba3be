package io.vitals.health.daily;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vitals.health.daily.DailyRecord.OverallScore;
import io.vitals.health.daily.DailyRecord.SleepEntry;
import io.vitals.health.daily.DailyRecord.SourceEntry;
import io.vitals.health.daily.DailyRecord.WorkoutEntry;
import io.vitals.health.daily.MetricValue.Absence;
import io.vitals.health.daily.MetricValue.Reading;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;

/** Writes a record as the JSON document that is stored and served. */
final class DayWriter {
    private static final int TYPICAL_BYTES = 8 * 1024;

    private DayWriter() {}

    /** The document; equal records with equal stamps give equal bytes. */
    static byte[] write(DailyRecord day, long version, Instant updatedAt) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonGenerator json = Json.mapper().getFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("date", day.date().toString());
            json.writeNumberField("version", version);
            json.writeStringField("formula_version", DailyRecord.FORMULA_VERSION);
            json.writeBooleanField("is_final", day.isFinal());
            json.writeNumberField("completeness", day.completeness());
            overall(json, day.overallScore());
            json.writeObjectFieldStart("metrics");
            for (Metric metric : Metric.values()) {
                metric(json, metric, day.metric(metric));
            }
            json.writeEndObject();
            json.writeObjectFieldStart("sleep");
            json.writeFieldName("primary");
            SleepEntry primary = day.sleep().primary();
            if (primary == null) {
                json.writeNull();
            } else {
                sleep(json, primary);
            }
            sleeps(json, "others", day.sleep().others());
            sleeps(json, "naps", day.sleep().naps());
            json.writeEndObject();
            json.writeArrayFieldStart("workouts");
            for (WorkoutEntry workout : day.workouts()) {
                workout(json, workout);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("sources");
            for (SourceEntry source : day.sources()) {
                source(json, source);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("missing");
            for (Metric metric : day.missing()) {
                json.writeString(metric.wire());
            }
            json.writeEndArray();
            json.writeStringField("updated_at", updatedAt.toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void overall(JsonGenerator json, @Nullable OverallScore overall) throws IOException {
        if (overall == null) {
            json.writeNullField("overall_score");
            return;
        }
        json.writeObjectFieldStart("overall_score");
        json.writeNumberField("value", overall.score().amount());
        json.writeArrayFieldStart("components");
        for (OverallScore.Component part : overall.components()) {
            json.writeStartObject();
            json.writeStringField("metric", part.metric().wire());
            json.writeStringField("source", part.source().wire());
            json.writeNumberField("value", part.score().amount());
            json.writeNumberField("weight", Math.round(part.weight() * 10_000) / 10_000.0);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void metric(JsonGenerator json, Metric metric, MetricValue value) throws IOException {
        json.writeObjectFieldStart(metric.wire());
        switch (value) {
            case Reading reading -> {
                json.writeNumberField("value", reading.quantity().amount());
                json.writeStringField("unit", reading.quantity().unit().wire());
                json.writeStringField("source", reading.source().wire());
                json.writeStringField("observed_at", reading.observedAt().toString());
                json.writeStringField("fetched_at", reading.fetchedAt().toString());
                json.writeStringField("record_id", reading.recordId());
                json.writeStringField("state", reading.state());
                json.writeArrayFieldStart("flags");
                for (Flag flag : Flag.values()) {
                    if (reading.flags().contains(flag)) {
                        json.writeString(flag.wire());
                    }
                }
                json.writeEndArray();
            }
            case Absence absence -> {
                json.writeNullField("value");
                json.writeStringField("unit", metric.unit().wire());
                json.writeStringField("reason", absence.reason().wire());
            }
        }
        json.writeEndObject();
    }

    private static void sleeps(JsonGenerator json, String field, List<SleepEntry> entries) throws IOException {
        json.writeArrayFieldStart(field);
        for (SleepEntry entry : entries) {
            sleep(json, entry);
        }
        json.writeEndArray();
    }

    private static void sleep(JsonGenerator json, SleepEntry sleep) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", sleep.id());
        json.writeStringField("start", sleep.start().toString());
        json.writeStringField("end", sleep.end().toString());
        json.writeStringField("timezone_offset", sleep.timezoneOffset());
        json.writeStringField("state", sleep.state());
        quantity(json, "asleep_minutes", sleep.asleep());
        quantity(json, "in_bed_minutes", sleep.inBed());
        quantity(json, "awake_minutes", sleep.awake());
        quantity(json, "light_minutes", sleep.light());
        quantity(json, "deep_minutes", sleep.deep());
        quantity(json, "rem_minutes", sleep.rem());
        json.writeStringField("source", sleep.source().wire());
        json.writeEndObject();
    }

    private static void workout(JsonGenerator json, WorkoutEntry workout) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", workout.id());
        json.writeStringField("sport", workout.sport());
        json.writeStringField("start", workout.start().toString());
        json.writeStringField("end", workout.end().toString());
        json.writeStringField("timezone_offset", workout.timezoneOffset());
        json.writeStringField("state", workout.state());
        quantity(json, "strain", workout.strain());
        quantity(json, "energy_kcal", workout.energy());
        quantity(json, "average_heart_rate", workout.averageHeartRate());
        quantity(json, "max_heart_rate", workout.maxHeartRate());
        quantity(json, "distance_meter", workout.distance());
        json.writeStringField("source", workout.source().wire());
        json.writeEndObject();
    }

    private static void source(JsonGenerator json, SourceEntry source) throws IOException {
        json.writeStartObject();
        json.writeStringField("source", source.source().wire());
        json.writeBooleanField("present", source.present());
        json.writeBooleanField("stale", source.stale());
        Instant last = source.lastDataAt();
        if (last == null) {
            json.writeNullField("last_data_at");
        } else {
            json.writeStringField("last_data_at", last.toString());
        }
        json.writeEndObject();
    }

    private static void quantity(JsonGenerator json, String field, @Nullable Quantity quantity) throws IOException {
        if (quantity == null) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, quantity.amount());
        }
    }
}
