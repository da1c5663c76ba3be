package io.vitals.whoop.erasure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditLog;
import io.vitals.kit.db.Database;
import io.vitals.kit.personal.PersonalData;
import io.vitals.whoop.link.Links;
import io.vitals.whoop.model.MemberId;

import java.time.Duration;
import java.util.Map;

/**
 * Makes the service forget a member: the link ends, WHOOP gets its consent back, and every row goes. May be repeated, and is
 * by its caller until it is done.
 */
public final class Erasure {
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
     * @param removed rows removed by this call, by table
     */
    public record Progress(boolean done, Map<String, Long> removed) {}

    /** Ends the link, then removes what there is. Tokens stay until WHOOP has been told, or could not be told for long. */
    public Progress erase(MemberId member) {
        links.disconnect(member);
        // Who had begun to write before the link ended may still commit; their rows must be there to be removed.
        if (!othersEnded()) {
            return new Progress(false, Map.of());
        }
        Progress progress = database.transaction(tx -> {
            Map<String, Long> removed = PersonalData.erase(tx, member.value());
            boolean done = PersonalData.left(tx, member.value()) == 0;
            if (done && !removed.isEmpty()) {
                audit.append(tx, AuditEvent.of("member.erased", "member", member.value()));
            }
            return new Progress(done, removed);
        });
        if (progress.done() && !progress.removed().isEmpty()) {
            deletions.increment();
        }
        return progress;
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
