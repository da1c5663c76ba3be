package io.vitals.health.daily;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.DatabaseException;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Serves the rebuild queue: many days in one transaction, or one by one when a day among them cannot be rebuilt. That one
 * is put aside and tried again later, for a newer release or a change of its rows may mend it.
 */
final class Rebuilds {
    private static final EventLog LOG = EventLog.of(Rebuilds.class);
    private static final Duration MEASURE_EVERY = Duration.ofSeconds(15);

    private final Database db;
    private final Rebuilder rebuilder;
    private final Clock clock;
    private final Map<Fault, Counter> failed = new EnumMap<>(Fault.class);
    private final AtomicLong aside = new AtomicLong();
    private Instant measureAt = Instant.MIN;

    /** Why a day cannot be rebuilt, as a code that says nothing of its values. */
    enum Fault {
        /** A stored row cannot be read. */
        UNREADABLE,
        /** The database refuses the record. */
        NOT_STORABLE,
        /** The rules themselves fail. */
        RULES;

        /** Null when the fault is not the day's: the database is away or busy, and all days would fail. */
        static @Nullable Fault of(RuntimeException e) {
            // What a row holds is read while the statement runs, and fails as a part of it.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof MalformedJsonException) {
                    return UNREADABLE;
                }
            }
            if (!(e instanceof DatabaseException refused)) {
                return RULES;
            }
            return refused.refusesRow() ? NOT_STORABLE : null;
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Rebuilds(Database db, Rebuilder rebuilder, Clock clock, MeterRegistry registry) {
        this.db = db;
        this.rebuilder = rebuilder;
        this.clock = clock;
        for (Fault fault : Fault.values()) {
            failed.put(
                    fault,
                    Counter.builder("vitals.daily.rebuild.failed")
                            .description("Tries to rebuild a day that failed and put it aside")
                            .tag("reason", fault.code())
                            .register(registry));
        }
        Gauge.builder("vitals.daily.rebuild.aside", aside, AtomicLong::get)
                .description("Days that could not be rebuilt and wait for another try")
                .register(registry);
    }

    /** Takes the next days; returns whether there were any. Called by one thread. */
    boolean step() {
        Instant now = clock.instant();
        db.transaction(tx -> RebuildQueue.askDue(tx, now));
        boolean some;
        try {
            some = batch(now);
        } catch (RuntimeException e) {
            if (Fault.of(e) == null) {
                throw e;
            }
            some = oneByOne(now);
            measureAt = Instant.MIN;
        }
        if (!now.isBefore(measureAt)) {
            aside.set(RebuildQueue.aside(db));
            measureAt = now.plus(MEASURE_EVERY);
        }
        return some;
    }

    /** All of them or none. */
    boolean batch(Instant now) {
        return db.transaction(tx -> {
            SortedMap<UUID, SortedSet<LocalDate>> days = RebuildQueue.take(tx, now, RebuildQueue.BATCH);
            days.forEach((member, dates) -> rebuilder.rebuild(tx, member, dates));
            return !days.isEmpty();
        });
    }

    private boolean oneByOne(Instant now) {
        for (int i = 0; i < RebuildQueue.BATCH; i++) {
            if (!one(now)) {
                return i > 0;
            }
        }
        return true;
    }

    private boolean one(Instant now) {
        AtomicReference<SortedMap<UUID, SortedSet<LocalDate>>> taken = new AtomicReference<>();
        try {
            return db.transaction(tx -> {
                SortedMap<UUID, SortedSet<LocalDate>> day = RebuildQueue.take(tx, now, 1);
                taken.set(day);
                day.forEach((member, dates) -> rebuilder.rebuild(tx, member, dates));
                return !day.isEmpty();
            });
        } catch (RuntimeException e) {
            Fault fault = Fault.of(e);
            SortedMap<UUID, SortedSet<LocalDate>> day = taken.get();
            if (fault == null || day == null || day.isEmpty()) {
                throw e;
            }
            day.forEach((member, dates) -> putAside(member, dates.first(), fault, now));
            return true;
        }
    }

    private void putAside(UUID member, LocalDate date, Fault fault, Instant now) {
        LOG.warn("day_not_rebuilt", LogField.MEMBER.of(member), LogField.REASON.of(fault.code()));
        Counter counter = failed.get(fault);
        if (counter != null) {
            counter.increment();
        }
        RebuildQueue.putAside(db, member, date, fault.code(), now);
    }
}
