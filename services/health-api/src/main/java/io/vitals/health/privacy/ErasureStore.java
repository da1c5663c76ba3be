package io.vitals.health.privacy;

import com.fasterxml.jackson.core.type.TypeReference;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;
import io.vitals.kit.personal.ErasureLedger;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BinaryOperator;

/** The table erasure: who is to be forgotten, and how far that has come. */
final class ErasureStore {
    private static final String COLUMNS = " id, pseudonym, requested_at, ledgered_at, sahha_done_at, whoop_done_at,"
            + " CAST(barrier AS text) AS barrier, completed_at, removed, attempts";

    /** Asking twice is asking once. */
    private static final Sql REQUEST = Sql.named("erasure-request", """
            INSERT INTO erasure (id, pseudonym, requested_at, due_at) VALUES (:id, :member, :now, :now)
            ON CONFLICT (pseudonym) DO NOTHING
            RETURNING""" + COLUMNS);

    /** After an old backup was restored all has to be done again, whatever the backup knows. */
    private static final Sql REPLAY = Sql.named("erasure-replay", """
            INSERT INTO erasure (id, pseudonym, requested_at, ledgered_at, due_at)
            VALUES (:id, :member, :requestedAt, :now, :now)
            ON CONFLICT (pseudonym) DO UPDATE
               SET sahha_done_at = NULL, whoop_done_at = NULL, barrier = NULL, completed_at = NULL, due_at = excluded.due_at
            RETURNING""" + COLUMNS);

    /** The lease is the due time itself: who dies lets it come due again. */
    private static final Sql CLAIM = Sql.named("erasure-claim", """
            UPDATE erasure SET due_at = :leaseUntil, attempts = attempts + 1
             WHERE id = (SELECT id FROM erasure
                          WHERE completed_at IS NULL AND due_at <= :now AND (CAST(:only AS uuid) IS NULL OR id = CAST(:only AS uuid))
                          ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING""" + COLUMNS);

    private static final Sql FIND = Sql.named("erasure-find", "SELECT" + COLUMNS + " FROM erasure WHERE id = :id");
    private static final Sql OF =
            Sql.named("erasure-of", "SELECT" + COLUMNS + " FROM erasure WHERE pseudonym = :member");

    private static final Sql SAVE = Sql.named("erasure-save", """
            UPDATE erasure
               SET ledgered_at = CAST(:ledgeredAt AS timestamptz), sahha_done_at = CAST(:sahhaDoneAt AS timestamptz),
                   whoop_done_at = CAST(:whoopDoneAt AS timestamptz), barrier = CAST(:barrier AS xid8),
                   completed_at = CAST(:completedAt AS timestamptz), removed = CAST(:removed AS json), due_at = :dueAt
             WHERE id = :id AND attempts = :attempts
            """);

    private ErasureStore() {}

    /** Somebody else has claimed it since, as this claim took too long; they know better how far it has come. */
    static final class ClaimLostException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private ClaimLostException() {
            super("the erasure is somebody else's by now");
        }
    }

    /**
     * How far it has come.
     *
     * @param attempts how often it was claimed, which tells claims apart
     * @param removed rows by service and table
     */
    record Erasure(
            UUID id,
            UUID member,
            Instant requestedAt,
            int attempts,
            @Nullable Instant ledgeredAt,
            @Nullable Instant sahhaDoneAt,
            @Nullable Instant whoopDoneAt,
            @Nullable String barrier,
            @Nullable Instant completedAt,
            Map<String, Long> removed) {

        Erasure ledgered(Instant at) {
            return new Erasure(
                    id, member, requestedAt, attempts, at, sahhaDoneAt, whoopDoneAt, barrier, completedAt, removed);
        }

        Erasure sahhaDone(Instant at) {
            return new Erasure(
                    id, member, requestedAt, attempts, ledgeredAt, at, whoopDoneAt, barrier, completedAt, removed);
        }

        Erasure whoopDone(@Nullable Instant at) {
            return new Erasure(
                    id, member, requestedAt, attempts, ledgeredAt, sahhaDoneAt, at, barrier, completedAt, removed);
        }

        Erasure behind(String behindBarrier) {
            return new Erasure(
                    id,
                    member,
                    requestedAt,
                    attempts,
                    ledgeredAt,
                    sahhaDoneAt,
                    whoopDoneAt,
                    behindBarrier,
                    completedAt,
                    removed);
        }

        Erasure completed(Instant at) {
            return new Erasure(
                    id, member, requestedAt, attempts, ledgeredAt, sahhaDoneAt, whoopDoneAt, barrier, at, removed);
        }

        /** What a step has removed besides. */
        Erasure removing(String service, Map<String, Long> rows) {
            return counting(service, rows, Long::sum);
        }

        /** What a service has removed in all; a release of it that counts each call alone may say less the second time. */
        Erasure removedSoFar(String service, Map<String, Long> rows) {
            return counting(service, rows, Math::max);
        }

        private Erasure counting(String service, Map<String, Long> rows, BinaryOperator<Long> both) {
            Map<String, Long> counts = new TreeMap<>(removed);
            rows.forEach((table, count) -> counts.merge(service + "." + table, count, both));
            return new Erasure(
                    id,
                    member,
                    requestedAt,
                    attempts,
                    ledgeredAt,
                    sahhaDoneAt,
                    whoopDoneAt,
                    barrier,
                    completedAt,
                    counts);
        }
    }

    /** The new erasure; empty if there is one already. */
    static Optional<Erasure> request(SqlExecutor tx, UUID id, UUID member, Instant now) {
        return tx.first(REQUEST, Params.of("id", id, "member", member, "now", now), ErasureStore::erasure);
    }

    static Erasure replay(SqlExecutor tx, ErasureLedger.Line line, Instant now) {
        return tx.first(
                        REPLAY,
                        Params.of(
                                "id", line.erasure(),
                                "member", line.member(),
                                "requestedAt", line.requestedAt(),
                                "now", now),
                        ErasureStore::erasure)
                .orElseThrow();
    }

    /** The next due one, or a given one if it is due. */
    static Optional<Erasure> claim(SqlExecutor tx, @Nullable UUID only, Instant now, Instant leaseUntil) {
        return tx.first(CLAIM, Params.of("only", only, "now", now, "leaseUntil", leaseUntil), ErasureStore::erasure);
    }

    static Optional<Erasure> find(SqlExecutor executor, UUID id) {
        return executor.first(FIND, Params.of("id", id), ErasureStore::erasure);
    }

    static Optional<Erasure> of(SqlExecutor executor, UUID member) {
        return executor.first(OF, Params.of("member", member), ErasureStore::erasure);
    }

    /** Writes what a claim has done; throws {@link ClaimLostException} when it is one no more. */
    static void save(SqlExecutor tx, Erasure erasure, Instant dueAt) {
        long saved = tx.execute(
                SAVE,
                Params.of(
                        "id", erasure.id(),
                        "attempts", erasure.attempts(),
                        "ledgeredAt", erasure.ledgeredAt(),
                        "sahhaDoneAt", erasure.sahhaDoneAt(),
                        "whoopDoneAt", erasure.whoopDoneAt(),
                        "barrier", erasure.barrier(),
                        "completedAt", erasure.completedAt(),
                        "removed", new String(Json.write(erasure.removed()), StandardCharsets.UTF_8),
                        "dueAt", dueAt));
        if (saved == 0) {
            throw new ClaimLostException();
        }
    }

    private static Erasure erasure(Row row) {
        String removed = row.stringOrNull("removed");
        return new Erasure(
                row.uuid("id"),
                row.uuid("pseudonym"),
                row.instant("requested_at"),
                row.intValue("attempts"),
                row.instantOrNull("ledgered_at"),
                row.instantOrNull("sahha_done_at"),
                row.instantOrNull("whoop_done_at"),
                row.stringOrNull("barrier"),
                row.instantOrNull("completed_at"),
                removed == null
                        ? Map.of()
                        : Json.read(
                                removed.getBytes(StandardCharsets.UTF_8), new TypeReference<Map<String, Long>>() {}));
    }
}
