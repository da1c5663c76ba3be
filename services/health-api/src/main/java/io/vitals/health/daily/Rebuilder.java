package io.vitals.health.daily;

import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.sahha.SahhaDays;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.db.SqlExecutor;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;

/** Makes daily records anew from the stored rows. Doing it again changes nothing. */
final class Rebuilder {
    private final Clock clock;

    Rebuilder(Clock clock) {
        this.clock = clock;
    }

    /**
     * Rebuilds within the caller's transaction, which from here on holds the member's lock. A day of which nothing was
     * ever known gets no record; one whose last row went keeps a record that says so.
     *
     * @return how many records changed
     */
    int rebuild(SqlExecutor tx, UUID member, SortedSet<LocalDate> dates) {
        RecordStore.lock(tx, member);
        Instant now = clock.instant();
        Map<LocalDate, RecordStore.Stored> stored = RecordStore.stored(tx, member, dates);
        int changed = 0;
        for (DayInputs inputs : inputs(tx, member, dates)) {
            RecordStore.Stored known = stored.get(inputs.date());
            if (inputs.isEmpty() && known == null) {
                continue;
            }
            if (RecordStore.put(tx, member, DayMerge.merge(inputs), inputs.whoopVersion(), known, now)) {
                changed++;
            }
        }
        return changed;
    }

    /** What the days are made from, as it is stored now; one for each date, in order. */
    List<DayInputs> inputs(SqlExecutor db, UUID member, SortedSet<LocalDate> dates) {
        Map<LocalDate, WhoopDay> whoop = RecordStore.whoopDays(db, member, dates);
        Map<LocalDate, SahhaDay> sahha = SahhaDays.read(db, member, dates);
        Map<Source, SourceStore.State> states = SourceStore.all(db, member);
        Instant now = clock.instant();
        return dates.stream()
                .map(date -> new DayInputs(
                        date,
                        whoop.get(date),
                        sahha.getOrDefault(date, SahhaDay.empty(date)),
                        connection(states, Source.WHOOP),
                        connection(states, Source.SAHHA),
                        now))
                .toList();
    }

    private static Connection connection(Map<Source, SourceStore.State> states, Source source) {
        SourceStore.State state = states.get(source);
        return state == null ? Connection.NONE : state.connection();
    }
}
