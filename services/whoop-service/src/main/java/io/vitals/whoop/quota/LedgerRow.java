package io.vitals.whoop.quota;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The one row of the table quota. Whoever holds it decides alone. */
final class LedgerRow {
    private static final String COLUMNS = """
            minute_limit, day_limit, minute_slot, minute_slots, day_slot, day_slots, history_slots, webhook_slots, member_slots,
                poll_slots, minute_foreign, minute_foreign_until, day_foreign, day_foreign_until, blocked_until""";

    /** The time is taken after the lock, or it would be that of the beginning of the wait. */
    private static final Sql LOCK = Sql.named("quota-lock", """
            WITH held AS MATERIALIZED (SELECT * FROM quota WHERE id = 1 FOR UPDATE)
            SELECT clock_timestamp() AS now, %s FROM held""".formatted(COLUMNS));

    private static final Sql READ =
            Sql.named("quota-read", "SELECT clock_timestamp() AS now, %s FROM quota WHERE id = 1".formatted(COLUMNS));

    /** Conflict rule: only who holds the lock writes. The used and ends_at columns are for replicas of the version before. */
    private static final Sql SAVE = Sql.named("quota-save", """
            UPDATE quota SET minute_limit = :minute_limit, day_limit = :day_limit, minute_slot = :minute_slot, day_slot = :day_slot,
                minute_slots = CAST(:minute_slots AS integer[]), day_slots = CAST(:day_slots AS integer[]),
                history_slots = CAST(:history_slots AS integer[]), webhook_slots = CAST(:webhook_slots AS integer[]),
                member_slots = CAST(:member_slots AS integer[]), poll_slots = CAST(:poll_slots AS integer[]),
                minute_foreign = :minute_foreign,
                minute_foreign_until = CAST(:minute_foreign_until AS timestamptz), day_foreign = :day_foreign,
                day_foreign_until = CAST(:day_foreign_until AS timestamptz), blocked_until = CAST(:blocked_until AS timestamptz),
                minute_used = :minute_used, minute_ends_at = clock_timestamp() + INTERVAL '1 minute',
                day_used = :day_used, day_ends_at = clock_timestamp() + INTERVAL '1 day'
            WHERE id = 1""");

    /** The ledger with the database's time. */
    record Dated(Ledger ledger, Instant now) {}

    private LedgerRow() {}

    static Dated lock(SqlExecutor tx) {
        return tx.first(LOCK, Params.none(), LedgerRow::dated).orElseThrow();
    }

    static Dated read(SqlExecutor db) {
        return db.first(READ, Params.none(), LedgerRow::dated).orElseThrow();
    }

    private static Dated dated(Row row) {
        long daySlot = row.longValue("day_slot");
        return new Dated(
                new Ledger(
                        row.intValue("minute_limit"),
                        row.intValue("day_limit"),
                        new Slots(
                                Ledger.MINUTE_SLOT,
                                Ledger.OUR_MINUTE,
                                row.longValue("minute_slot"),
                                row.integers("minute_slots")),
                        new Slots(Ledger.DAY_SLOT, Ledger.ourDay(), daySlot, row.integers("day_slots")),
                        lanes(row, daySlot),
                        foreign(row, "minute_foreign"),
                        foreign(row, "day_foreign"),
                        row.instantOrNull("blocked_until")),
                row.instant("now"));
    }

    private static Map<Lane, Slots> lanes(Row row, long daySlot) {
        return Arrays.stream(Lane.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        lane -> new Slots(Ledger.DAY_SLOT, Ledger.ourDay(), daySlot, row.integers(column(lane)))));
    }

    private static String column(Lane lane) {
        return switch (lane) {
            case WEBHOOK -> "webhook_slots";
            case MEMBER -> "member_slots";
            case POLL -> "poll_slots";
            case BACKFILL -> "history_slots";
        };
    }

    private static Ledger.Foreign foreign(Row row, String column) {
        Instant until = row.instantOrNull(column + "_until");
        return until == null ? Ledger.Foreign.NONE : new Ledger.Foreign(row.intValue(column), until);
    }

    static void save(SqlExecutor tx, Ledger ledger) {
        tx.execute(
                SAVE,
                Params.of("minute_limit", ledger.minuteLimit(), "day_limit", ledger.dayLimit())
                        .with("minute_slot", ledger.minute().head())
                        .with("minute_slots", array(ledger.minute().counts()))
                        .with("day_slot", ledger.day().head())
                        .with("day_slots", array(ledger.day().counts()))
                        .with("history_slots", array(ledger.of(Lane.BACKFILL).counts()))
                        .with("webhook_slots", array(ledger.of(Lane.WEBHOOK).counts()))
                        .with("member_slots", array(ledger.of(Lane.MEMBER).counts()))
                        .with("poll_slots", array(ledger.of(Lane.POLL).counts()))
                        .with("minute_foreign", ledger.minuteForeign().count())
                        .with("minute_foreign_until", ledger.minuteForeign().until())
                        .with("day_foreign", ledger.dayForeign().count())
                        .with("day_foreign_until", ledger.dayForeign().until())
                        .with("blocked_until", ledger.blockedUntil())
                        .with("minute_used", ledger.minuteUsed())
                        .with("day_used", ledger.dayUsed()));
    }

    private static Integer[] array(List<Integer> counts) {
        return counts.toArray(Integer[]::new);
    }
}
