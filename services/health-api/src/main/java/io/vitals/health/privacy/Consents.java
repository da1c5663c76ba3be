package io.vitals.health.privacy;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.audit.AuditTrail;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What members agreed to. A decision is stored first and takes effect right after; if an effect fails (a service is
 * down), it is tried again by {@link #applyPending} until it is done, so a withdrawal is never forgotten.
 */
public final class Consents {
    /** Which wording the page shows. */
    public static final String VERSION = "2026-11";

    private static final EventLog LOG = EventLog.of(Consents.class);
    private static final int BATCH = 50;
    private static final Sql DECIDE = Sql.named("consent-decide", """
            INSERT INTO consent (member, purpose, granted, version, decided_at)
            VALUES (:member, :purpose, :granted, :version, :now)
            RETURNING id, member, purpose, granted, version, decided_at
            """);
    private static final Sql HISTORY = Sql.named("consent-history", """
            SELECT id, member, purpose, granted, version, decided_at
            FROM consent WHERE member = :member ORDER BY id DESC LIMIT 1000
            """);
    private static final Sql NEWEST = Sql.named("consent-newest", """
            SELECT id, member, purpose, granted, version, decided_at
            FROM consent WHERE member = :member AND purpose = :purpose ORDER BY id DESC LIMIT 1
            """);
    // Only the newest decision of a member still matters; older ones that were never applied are passed over.
    private static final Sql PENDING = Sql.named("consent-pending", """
            SELECT id, member, purpose, granted, version, decided_at FROM consent c
            WHERE applied_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM consent n
                              WHERE n.member = c.member AND n.purpose = c.purpose AND n.id > c.id)
            ORDER BY id LIMIT :limit
            """);
    private static final Sql APPLIED =
            Sql.named("consent-applied", "UPDATE consent SET applied_at = :now WHERE id = :id");

    private final Database database;
    private final Effects effects;
    private final AuditTrail trail;
    private final Clock clock;
    private final Counter given;
    private final Counter withdrawn;

    /**
     * Takes what follows from a decision.
     *
     * @param effects idempotent
     * @param trail gets each decision, in the same transaction
     */
    public Consents(Database database, Effects effects, AuditTrail trail, Clock clock, MeterRegistry registry) {
        this.database = database;
        this.effects = effects;
        this.trail = trail;
        this.clock = clock;
        this.given = counter(registry, "granted");
        this.withdrawn = counter(registry, "withdrawn");
    }

    /** There from the start, so that a rate over it begins at zero. */
    private static Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("consent.changes")
                .description("Decisions of members about their data")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** What a consent is for. */
    public enum Purpose {
        HEALTH_DATA
    }

    /** What follows from a decision. A method that throws is called again later. */
    public interface Effects {
        void granted(UUID member);

        /** All sources are disconnected and nothing more is taken in. */
        void withdrawn(UUID member);
    }

    /** One decision. */
    public record Decision(long id, UUID member, String purpose, boolean granted, String version, Instant at) {}

    public boolean granted(UUID member, Purpose purpose) {
        return newest(member, purpose).map(Decision::granted).orElse(false);
    }

    /** The decision that counts; empty when the member never decided. */
    public Optional<Decision> newest(UUID member, Purpose purpose) {
        return database.first(NEWEST, Params.of("member", member, "purpose", purpose), Consents::decision);
    }

    /** All decisions, the newest first. */
    public List<Decision> history(UUID member) {
        return database.list(HISTORY, Params.of("member", member), Consents::decision);
    }

    /** Stores a decision and applies it; deciding the same again changes nothing. */
    public Decision decide(UUID member, Purpose purpose, boolean granted) {
        Optional<Decision> before = newest(member, purpose);
        if (before.isPresent()
                && before.get().granted() == granted
                && before.get().version().equals(VERSION)) {
            return before.get();
        }
        Params params = Params.of("member", member, "purpose", purpose, "granted", granted)
                .with("version", VERSION)
                .with("now", clock.instant());
        Decision decision = database.transaction(tx -> {
            Decision made = tx.first(DECIDE, params, Consents::decision).orElseThrow();
            trail.append(tx, event(made));
            return made;
        });
        (granted ? given : withdrawn).increment();
        LOG.info("consent", LogField.MEMBER.of(member), LogField.OUTCOME.of(granted ? "granted" : "withdrawn"));
        apply(decision);
        return decision;
    }

    private static AuditEvent event(Decision decision) {
        return AuditEvent.of(decision.granted() ? "consent.granted" : "consent.withdrawn", "member", decision.member())
                .withActorId(decision.member().toString())
                .withPurpose(decision.purpose())
                .withObject(decision.version());
    }

    /** Applies what could not be applied before; returns whether there may be more. */
    public boolean applyPending() {
        List<Decision> pending = database.list(PENDING, Params.of("limit", BATCH), Consents::decision);
        long applied = pending.stream().filter(this::apply).count();
        return applied == BATCH;
    }

    private boolean apply(Decision decision) {
        try {
            if (decision.granted()) {
                effects.granted(decision.member());
            } else {
                effects.withdrawn(decision.member());
            }
            database.execute(APPLIED, Params.of("id", decision.id(), "now", clock.instant()));
            return true;
        } catch (RuntimeException e) {
            LOG.warn("consent_not_applied", e, LogField.MEMBER.of(decision.member()));
            return false;
        }
    }

    private static Decision decision(io.vitals.kit.db.Row row) {
        return new Decision(
                row.longValue("id"),
                row.uuid("member"),
                row.string("purpose"),
                row.bool("granted"),
                row.string("version"),
                row.instant("decided_at"));
    }
}
