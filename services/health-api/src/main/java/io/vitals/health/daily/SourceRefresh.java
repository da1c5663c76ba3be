package io.vitals.health.daily;

import io.vitals.health.sahha.Sahha;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.health.whoop.WhoopService;
import io.vitals.health.whoop.WhoopSync;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.db.Database;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** Asks Sahha, then WHOOP, and merges: the refresh itself, for the one who does it. */
final class SourceRefresh {
    private static final EventLog LOG = EventLog.of(SourceRefresh.class);
    /** What the fetch of the days takes after the sync was waited for. */
    private static final Duration TIME_TO_FETCH = Duration.ofMillis(300);

    private final Database db;
    private final Sahha sahha;
    private final WhoopService whoop;
    private final Rebuilder rebuilder;
    private final Clock clock;
    private final RefreshBudget budget;

    SourceRefresh(
            Database db, Sahha sahha, WhoopService whoop, Rebuilder rebuilder, Clock clock, RefreshBudget budget) {
        this.db = db;
        this.sahha = sahha;
        this.whoop = whoop;
        this.rebuilder = rebuilder;
        this.clock = clock;
        this.budget = budget;
    }

    /** How the sources did; what they brought is in the record. */
    record Asked(RefreshOutcome sahha, RefreshOutcome whoop) {}

    Asked run(UUID member, LocalDate date) {
        Duration atBegin = Deadline.left().orElse(budget.whole());
        RefreshOutcome ofSahha = askSahha(member);
        Duration elapsed = atBegin.minus(Deadline.left().orElse(atBegin));
        AtomicReference<RefreshOutcome> ofWhoop = new AtomicReference<>(RefreshOutcome.DOWN);
        Optional<SourceStore.State> link = SourceStore.one(db, member, Source.WHOOP);
        if (link.isPresent() && !link.get().connected()) {
            ofWhoop.set(
                    link.get().name().equals("reauth_required")
                            ? RefreshOutcome.REAUTH_REQUIRED
                            : RefreshOutcome.NOT_CONNECTED);
        } else {
            fetchWhoop(member, around(date), budget.whoopAfter(elapsed), ofWhoop);
        }
        // What Sahha brought waits in the rebuild queue too; who asked must not wait for that.
        db.transaction(tx -> rebuilder.rebuild(tx, member, around(date)));
        return new Asked(ofSahha, ofWhoop.get());
    }

    private RefreshOutcome askSahha(UUID member) {
        return switch (sahha.refresh(member, budget.sahha())) {
            case REFRESHED -> RefreshOutcome.REFRESHED;
            case NOT_CONNECTED -> RefreshOutcome.NOT_CONNECTED;
            case SLOW -> RefreshOutcome.SLOW;
            case DOWN -> RefreshOutcome.DOWN;
        };
    }

    private void fetchWhoop(
            UUID member, SortedSet<LocalDate> dates, Duration time, AtomicReference<RefreshOutcome> outcome) {
        AtomicReference<List<WhoopDay>> days = new AtomicReference<>();
        try {
            Deadline.within(time, () -> {
                WhoopSync sync = whoop.sync(member, time.minus(TIME_TO_FETCH));
                if (sync.state() == WhoopSync.State.UNLINKED) {
                    outcome.set(RefreshOutcome.NOT_CONNECTED);
                    return;
                }
                days.set(whoop.days(member, dates.first(), dates.last()));
                outcome.set(outcomeOf(sync));
            });
        } catch (WhoopUnavailableException e) {
            outcome.set(e.late() ? RefreshOutcome.SLOW : RefreshOutcome.DOWN);
            LOG.warn("refresh_without_whoop", e, LogField.MEMBER.of(member));
        }
        List<WhoopDay> fetched = days.get();
        if (fetched != null) {
            store(member, dates, fetched);
        }
    }

    /** As the feed does, which will bring the same again: what was fetched last counts. */
    private void store(UUID member, SortedSet<LocalDate> dates, List<WhoopDay> days) {
        db.transaction(tx -> {
            RecordStore.lock(tx, member);
            Instant now = clock.instant();
            RecordStore.putWhoopDays(tx, member, dates, days, now);
            SourceStore.touch(tx, member, Source.WHOOP, now);
            return days;
        });
    }

    private static RefreshOutcome outcomeOf(WhoopSync sync) {
        String reason = sync.reason();
        return switch (sync.state()) {
            case CURRENT -> RefreshOutcome.REFRESHED;
            case RUNNING -> RefreshOutcome.SLOW;
            case DEFERRED ->
                "quota".equals(reason) || "rate_limited".equals(reason) ? RefreshOutcome.QUOTA : RefreshOutcome.DOWN;
            case UNLINKED -> RefreshOutcome.NOT_CONNECTED;
        };
    }

    /** A late night or a correction of the offset moves records to the neighbouring dates. */
    private static SortedSet<LocalDate> around(LocalDate date) {
        return new TreeSet<>(List.of(date.minusDays(1), date, date.plusDays(1)));
    }
}
