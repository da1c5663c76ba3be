package io.vitals.health.sahha;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.sahha.SahhaRecord.Outcome;
import io.vitals.health.sahha.SahhaRecord.Skipped;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Counts what was read of Sahha's records; every outcome shows from the start. */
final class RecordMeter {
    private final Counter read;
    private final Map<Skipped, Counter> skipped = new EnumMap<>(Skipped.class);

    RecordMeter(MeterRegistry registry) {
        this.read = counter(registry, "read");
        for (Skipped why : Skipped.values()) {
            skipped.put(why, counter(registry, why.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Counts the outcome; gives the record if there is one. */
    Optional<SahhaRecord> count(Outcome outcome) {
        Skipped why = outcome.skipped();
        Counter counter = why == null ? read : skipped.getOrDefault(why, read);
        counter.increment();
        return Optional.ofNullable(outcome.stored());
    }

    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("vitals.sahha.records")
                .description("Scores, biomarkers and exercise sessions by what became of them")
                .tag("outcome", outcome)
                .register(registry);
    }
}
