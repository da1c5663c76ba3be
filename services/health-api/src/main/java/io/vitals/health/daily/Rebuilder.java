package io.vitals.health.daily;

import io.vitals.health.daily.DayInputs.Connection;
import io.vitals.health.sahha.SahhaDay;
import io.vitals.health.sahha.SahhaDays;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.db.SqlExecutor;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
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
        Map<LocalDate, WhoopDay> whoop = RecordStore.whoopDays(tx, member, dates);
        Map<LocalDate, SahhaDay> sahha = SahhaDays.read(tx, member, dates);
        Map<LocalDate, byte[]> hashes = RecordStore.hashes(tx, member, dates);
        Map<Source, SourceStore.State> states = SourceStore.all(tx, member);
        int changed = 0;
        for (LocalDate date : dates) {
            WhoopDay whoopDay = whoop.get(date);
            SahhaDay sahhaDay = sahha.getOrDefault(date, SahhaDay.empty(date));
            DayInputs inputs = new DayInputs(
                    date, whoopDay, sahhaDay, connection(states, Source.WHOOP), connection(states, Source.SAHHA), now);
            if (!inputs.hasWhoop() && sahhaDay.isEmpty() && !hashes.containsKey(date)) {
                continue;
            }
            long whoopVersion = whoopDay == null ? 0 : whoopDay.version();
            if (RecordStore.put(tx, member, DayMerge.merge(inputs), whoopVersion, hashes.get(date), now)) {
                changed++;
            }
        }
        return changed;
    }

    private static Connection connection(Map<Source, SourceStore.State> states, Source source) {
        SourceStore.State state = states.get(source);
        return state == null ? Connection.NONE : state.connection();
    }
}
