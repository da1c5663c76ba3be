package io.vitals.health.daily;

import io.vitals.health.whoop.WhoopChanges;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.health.whoop.WhoopService;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.tracing.Handover;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Follows whoop-service's change feed: fetches the days that changed, stores them and rebuilds their records, and moves
 * the cursor, all in one transaction. A page may come twice (a crash, two replicas); its effect is the same.
 */
final class FeedFollower {
    /** Dates of a member closer than this are fetched in one call. */
    private static final int GAP_DAYS = 10;

    private static final int MOST_DAYS = 400;

    private final Database db;
    private final WhoopService whoop;
    private final Rebuilder rebuilder;
    private final Handover trace;
    private final Clock clock;
    private final Duration wait;
    private final int pageSize;

    FeedFollower(
            Database db,
            WhoopService whoop,
            Rebuilder rebuilder,
            Handover trace,
            Clock clock,
            Duration wait,
            int pageSize) {
        this.db = db;
        this.whoop = whoop;
        this.rebuilder = rebuilder;
        this.trace = trace;
        this.clock = clock;
        this.wait = wait;
        this.pageSize = pageSize;
    }

    /** What a page says of one member. */
    private record Affected(
            SortedSet<LocalDate> dates,
            boolean link,
            @Nullable String traceparent) {}

    /** What was fetched for one member. */
    private record Fetched(
            SortedSet<LocalDate> dates,
            List<WhoopDay> days,
            @Nullable WhoopLink link,
            @Nullable String traceparent) {}

    /**
     * Takes one page, waiting for its first change.
     *
     * @return whether there may be more right now
     */
    boolean step() {
        String cursor = FeedCursor.read(db).orElse(null);
        WhoopChanges page = whoop.changes(cursor, wait, pageSize);
        SortedMap<UUID, Fetched> fetched = fetch(affected(page.changes()));
        try {
            take(cursor, page, fetched, rebuilder::rebuild);
        } catch (RuntimeException e) {
            if (Rebuilds.Fault.of(e) == null) {
                throw e;
            }
            // A day that cannot be rebuilt must not hold up the others: the queue finds out which one it is.
            take(cursor, page, fetched, (tx, member, dates) -> RebuildQueue.ask(tx, member, dates, clock.instant()));
        }
        return !page.changes().isEmpty();
    }

    private void take(@Nullable String cursor, WhoopChanges page, SortedMap<UUID, Fetched> fetched, Effect effect) {
        db.transaction(tx -> {
            if (FeedCursor.move(tx, cursor, page.cursor(), clock.instant())) {
                fetched.forEach((member, what) -> trace.goOn("merge days", what.traceparent(), () -> {
                    apply(tx, member, what, effect);
                    return true;
                }));
            }
            return page;
        });
    }

    /** What becomes of days whose rows are stored. */
    @FunctionalInterface
    private interface Effect {
        void of(SqlExecutor tx, UUID member, SortedSet<LocalDate> dates);
    }

    private SortedMap<UUID, Affected> affected(List<WhoopChanges.Change> changes) {
        SortedMap<UUID, Affected> affected = new TreeMap<>();
        for (WhoopChanges.Change change : changes) {
            Affected of = affected.get(change.member());
            SortedSet<LocalDate> dates = of == null ? new TreeSet<>() : of.dates();
            LocalDate date = change.date();
            if (date != null) {
                dates.add(date);
            } else if (change.kind().equals("body")) {
                dates.addAll(aroundToday());
            }
            boolean link = change.kind().equals("link") || (of != null && of.link());
            // Of several the last one's trace: it is the one that sees the result.
            String traceparent = change.traceparent() == null && of != null ? of.traceparent() : change.traceparent();
            affected.put(change.member(), new Affected(dates, link, traceparent));
        }
        return affected;
    }

    /** A body measurement has no day; it shows on the current one, whichever that is where the member is. */
    private List<LocalDate> aroundToday() {
        LocalDate utc = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return List.of(utc.minusDays(1), utc, utc.plusDays(1));
    }

    private SortedMap<UUID, Fetched> fetch(SortedMap<UUID, Affected> affected) {
        SortedMap<UUID, Fetched> fetched = new TreeMap<>();
        affected.forEach((member, what) ->
                fetched.put(member, trace.goOn("fetch days", what.traceparent(), () -> fetch(member, what))));
        return fetched;
    }

    private Fetched fetch(UUID member, Affected what) {
        List<WhoopDay> days = new ArrayList<>();
        for (SortedSet<LocalDate> run : runs(what.dates())) {
            whoop.days(member, run.first(), run.last()).stream()
                    .filter(day -> run.contains(day.date()))
                    .forEach(days::add);
        }
        boolean link = what.link() || SourceStore.one(db, member, Source.WHOOP).isEmpty();
        return new Fetched(what.dates(), days, link ? whoop.link(member) : null, what.traceparent());
    }

    /** Splits dates where the gap is wide, so that one old correction does not fetch a year. */
    static List<SortedSet<LocalDate>> runs(SortedSet<LocalDate> dates) {
        List<SortedSet<LocalDate>> runs = new ArrayList<>();
        SortedSet<LocalDate> run = new TreeSet<>();
        for (LocalDate date : dates) {
            boolean apart = !run.isEmpty()
                    && (run.last().plusDays(GAP_DAYS).isBefore(date)
                            || !run.first().plusDays(MOST_DAYS).isAfter(date));
            if (apart) {
                runs.add(run);
                run = new TreeSet<>();
            }
            run.add(date);
        }
        if (!run.isEmpty()) {
            runs.add(run);
        }
        return runs;
    }

    private void apply(SqlExecutor tx, UUID member, Fetched fetched, Effect effect) {
        RecordStore.lock(tx, member);
        Instant now = clock.instant();
        WhoopLink link = fetched.link();
        if (link != null) {
            RebuildQueue.askRecent(tx, member, SourceStore.put(tx, member, state(link), now), now);
        }
        if (!fetched.dates().isEmpty()) {
            RecordStore.putWhoopDays(tx, member, fetched.dates(), fetched.days(), now);
            SourceStore.touch(tx, member, Source.WHOOP, now);
            effect.of(tx, member, fetched.dates());
        }
    }

    private static SourceStore.State state(WhoopLink link) {
        WhoopLink.State state = link.state();
        return new SourceStore.State(
                Source.WHOOP,
                state.wire(),
                state.connected(),
                state == WhoopLink.State.REFRESH_FAILING,
                link.lastSyncAt());
    }
}
