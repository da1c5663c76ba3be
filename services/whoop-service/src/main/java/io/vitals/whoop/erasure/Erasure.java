package io.vitals.whoop.erasure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.personal.PersonalData;
import io.vitals.whoop.link.Links;
import io.vitals.whoop.model.MemberId;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes the service forget a member: the link ends, WHOOP gets its consent back, and every row goes. May be repeated, and is
 * by its caller until it is done.
 */
public final class Erasure {
    private static final Sql COUNT = Sql.named("erasure-receipt-count", """
            INSERT INTO erasure_receipt AS r (id, part, removed) VALUES (:id, :part, :removed)
            ON CONFLICT (id, part) DO UPDATE SET removed = r.removed + excluded.removed, updated_at = clock_timestamp()""");
    private static final Sql COUNTED =
            Sql.named("erasure-receipt-read", "SELECT part, removed FROM erasure_receipt WHERE id = :id");

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Database database;
    private final Links links;
    private final AuditLog audit;
    private final Counter deletions;

    public Erasure(Database database, Links links, AuditLog audit, MeterRegistry registry) {
        this.database = database;
        this.links = links;
        this.audit = audit;
        this.deletions = Counter.builder("data.deletions")
                .description("Members forgotten")
                .register(registry);
    }

    /**
     * How far it has come.
     *
     * @param done whether nothing is left
     * @param removed rows removed, by table: with a receipt by all calls that named it, without one by this call
     */
    public record Progress(boolean done, Map<String, Long> removed) {}

    /**
     * Ends the link, then removes what there is. Tokens stay until WHOOP has been told, or could not be told for long.
     *
     * @param receipt of a caller who may not have heard earlier answers
     */
    public Progress erase(MemberId member, Optional<UUID> receipt) {
        links.disconnect(member);
        // Who had begun to write before the link ended may still commit; their rows must be there to be removed.
        if (!othersEnded()) {
            return new Progress(false, receipt.map(id -> removed(database, id)).orElse(Map.of()));
        }
        Step step = database.transaction(tx -> {
            Map<String, Long> removed = PersonalData.erase(tx, member.value());
            boolean done = PersonalData.left(tx, member.value()) == 0;
            boolean last = done && !removed.isEmpty();
            if (last) {
                audit.append(tx, AuditEvent.of("member.erased", "member", member.value()));
            }
            if (receipt.isPresent()) {
                UUID id = receipt.get();
                removed.forEach(
                        (table, rows) -> tx.execute(COUNT, Params.of("id", id, "part", table, "removed", rows)));
                removed = removed(tx, id);
            }
            return new Step(new Progress(done, removed), last);
        });
        if (step.last()) {
            deletions.increment();
        }
        return step.progress();
    }

    /** What the caller hears, and whether this call was the one that ended it. */
    private record Step(Progress progress, boolean last) {}

    private static Map<String, Long> removed(SqlExecutor sql, UUID receipt) {
        return sql
                .list(COUNTED, Params.of("id", receipt), row -> Map.entry(row.string("part"), row.longValue("removed")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    private boolean othersEnded() {
        String barrier = PersonalData.barrier(database);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!PersonalData.passed(database, barrier)) {
            if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
                return false;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return true;
    }
}
