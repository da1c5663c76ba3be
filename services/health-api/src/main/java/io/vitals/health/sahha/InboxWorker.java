package io.vitals.health.sahha;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** Gives accepted events their effect: many in one transaction, or one by one when a row among them is refused. */
final class InboxWorker {
    private static final EventLog LOG = EventLog.of(InboxWorker.class);
    private static final Duration REMEMBERED = Duration.ofDays(7);
    private static final Duration FORGET_EVERY = Duration.ofHours(1);

    private final Database db;
    private final SahhaListener listener;
    private final RecordMeter meter;
    private final Clock clock;
    private Instant forgetAt = Instant.MIN;

    InboxWorker(Database db, SahhaListener listener, RecordMeter meter, Clock clock) {
        this.db = db;
        this.listener = listener;
        this.meter = meter;
        this.clock = clock;
    }

    /** Takes the next events; false when none is due. Called by one thread. */
    boolean step() {
        Instant now = clock.instant();
        int taken;
        try {
            taken = db.transaction(tx -> take(tx, now, Integer.MAX_VALUE));
        } catch (DatabaseException e) {
            if (!e.refusesRow()) {
                throw e;
            }
            taken = takeOne(now);
        }
        if (taken > 0) {
            listener.committed();
        } else if (!now.isBefore(forgetAt)) {
            forgetAt = now.plus(FORGET_EVERY);
            Inbox.forget(db, now.minus(REMEMBERED));
        }
        return taken > 0;
    }

    private int take(SqlExecutor tx, Instant now, int most) {
        List<Inbox.Event> events = Inbox.take(tx, now, most);
        SortedMap<UUID, List<SahhaRecord>> records = new TreeMap<>();
        List<Inbox.Event> done = new ArrayList<>();
        for (Inbox.Event event : events) {
            try {
                List<SahhaRecord> of = records.computeIfAbsent(event.member(), member -> new ArrayList<>());
                of.addAll(read(event, now));
                done.add(event);
            } catch (MalformedJsonException e) {
                refused(tx, event, "unreadable", now);
            }
        }
        records.forEach((member, some) -> store(tx, member, some, now));
        if (!done.isEmpty()) {
            Inbox.done(tx, done);
        }
        return events.size();
    }

    /** The first due event alone; one that the database refuses is put off, and dead after the last attempt. */
    private int takeOne(Instant now) {
        try {
            return db.transaction(tx -> take(tx, now, 1));
        } catch (DatabaseException e) {
            if (!e.refusesRow()) {
                throw e;
            }
            return db.transaction(tx -> {
                List<Inbox.Event> events = Inbox.take(tx, now, 1);
                events.forEach(event -> refused(tx, event, "not_storable", now));
                return events.size();
            });
        }
    }

    private static void refused(SqlExecutor tx, Inbox.Event event, String why, Instant now) {
        LOG.warn("sahha_event_refused", LogField.RECORD_ID.of(Long.toString(event.id())), LogField.REASON.of(why));
        Inbox.failed(tx, event, why, now);
    }

    private List<SahhaRecord> read(Inbox.Event event, Instant now) {
        JsonNode tree = Json.tree(event.body());
        List<SahhaRecord.Outcome> outcomes = switch (event.type()) {
            case EventType.SCORE -> List.of(Normaliser.score(tree, now));
            case EventType.DATA_LOG -> Normaliser.sessions(tree, now);
            default -> List.of(Normaliser.biomarker(tree, now));
        };
        return outcomes.stream().map(meter::count).flatMap(Optional::stream).toList();
    }

    /** A member who is unknown or withdrew gets nothing stored. */
    private void store(SqlExecutor tx, UUID member, List<SahhaRecord> records, Instant now) {
        if (ProfileStore.lock(tx, member).isEmpty()) {
            LOG.info("sahha_event_dropped", LogField.MEMBER.of(member), LogField.COUNT.of(records.size()));
            return;
        }
        Set<LocalDate> changed = SahhaRows.put(tx, member, records, now);
        if (!changed.isEmpty()) {
            ProfileStore.touch(tx, member, now);
            listener.daysChanged(tx, member, changed);
        }
    }
}
