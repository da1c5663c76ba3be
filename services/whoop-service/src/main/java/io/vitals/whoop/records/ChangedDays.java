package io.vitals.whoop.records;

import io.vitals.whoop.model.RecordType;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects the days a transaction changed, each once per kind of record. */
final class ChangedDays {
    private final Map<RecordType, SortedSet<LocalDate>> days = new EnumMap<>(RecordType.class);

    void add(RecordType type, @Nullable LocalDate day) {
        if (day != null) {
            days.computeIfAbsent(type, _ -> new TreeSet<>()).add(day);
        }
    }

    void addAll(RecordType type, Collection<LocalDate> all) {
        all.forEach(day -> add(type, day));
    }

    Map<RecordType, SortedSet<LocalDate>> byType() {
        return days;
    }
}
