package io.vitals.kit.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.logging.EventLog;
import io.vitals.kit.logging.LogField;
import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The audit log of a running service: writes its checkpoints and verifies it from time to time. */
public final class ChainWatch implements Closeable {
    private static final EventLog LOG = EventLog.of(ChainWatch.class);

    private static final Sql EXPIRE = Sql.named(
            "audit-expire", "SELECT audit_expire(CAST(:shard AS integer), CAST(:up_to AS bigint), :older) AS removed");

    private static final Sql HEADS = Sql.named("audit-head-numbers", "SELECT seq FROM audit_heads()");

    private final Database database;
    private final String service;
    private final AuditSettings settings;
    private final @Nullable SignatureKey key;
    private final @Nullable Checkpoints checkpoints;
    private final Clock clock;
    private volatile @Nullable Status status;

    /**
     * Prepares without touching disk or database.
     *
     * @param run name of this run of the process, never used before
     */
    public ChainWatch(
            Database database,
            String service,
            String run,
            AuditSettings settings,
            Clock clock,
            MeterRegistry registry) {
        this.database = database;
        this.service = service;
        this.settings = settings;
        this.clock = clock;
        this.key = settings.signingKey().map(SignatureKey::fromJwk).orElse(null);
        this.checkpoints = key == null
                ? null
                : new Checkpoints(
                        database, service, run, settings.checkpointDirectory().orElseThrow(), key, clock, registry);
        Gauge.builder("audit.chain.findings", this, self -> self.findings())
                .description("Places where the audit log is not what it was, at the last verification")
                .register(registry);
    }

    /**
     * How the last verification ended.
     *
     * @param checkpointed when the newest checkpoint was signed
     */
    public record Status(Instant verifiedAt, long entries, int findings, Optional<Instant> checkpointed) {}

    /** Empty until the first verification has ended. */
    public Optional<Status> status() {
        return Optional.ofNullable(status);
    }

    /** The log as it stands now: the chains are asked, the verification is the last one. */
    public ChainOverview overview() {
        List<Long> heads = database.list(HEADS, Params.none(), row -> row.longValue("seq"));
        Optional<Instant> checkpointed = checkpoints == null ? Optional.empty() : checkpoints.newest();
        Status last = status;
        return new ChainOverview(
                last == null ? "unknown" : last.findings() == 0 ? "sound" : "broken",
                AuditVerification.SHARDS,
                heads.size(),
                heads.stream().mapToLong(Long::longValue).sum(),
                last == null ? null : last.verifiedAt(),
                last == null ? null : last.entries(),
                last == null ? null : last.findings(),
                checkpoints != null,
                checkpointed.orElse(null),
                checkpointed
                        .map(at -> Math.max(
                                0, Duration.between(at, clock.instant()).toSeconds()))
                        .orElse(null));
    }

    private double findings() {
        Status last = status;
        return last == null ? 0 : last.findings();
    }

    /** Writes a checkpoint if there is somewhere to write it; for a worker. */
    public boolean checkpoint() throws IOException {
        return checkpoints != null && checkpoints.write();
    }

    public Duration checkpointInterval() {
        return settings.checkpointInterval();
    }

    /** Signs what is to be believed later with the key of the checkpoints; empty without one. */
    public Optional<SignatureKey> key() {
        return Optional.ofNullable(key);
    }

    /** Walks the whole log; for a worker. */
    public boolean verify() throws IOException, SQLException {
        AuditVerification verification = verification(
                service,
                settings.checkpointDirectory(),
                Optional.ofNullable(key).map(SignatureKey::verification).stream()
                        .toList(),
                clock.instant().minus(settings.retention()));
        // One shard after the other: requests need the pool and the processors more.
        AuditVerification.Report report = verification.run(database.dataSource()::getConnection, 1);
        status = new Status(clock.instant(), report.entries(), report.findings().size(), report.newest());
        if (!report.sound()) {
            LOG.error(
                    "audit_chain_broken",
                    LogField.COUNT.of(report.findings().size()),
                    LogField.REASON.of(report.findings().getFirst().kind()));
        }
        return false;
    }

    /**
     * Removes entries that retention has ended, up to the newest that was signed before then: its signature stands for what
     * is gone. Without checkpoints nothing is removed.
     *
     * @return how many entries
     */
    public long expire() throws IOException {
        Instant before = clock.instant().minus(settings.retention());
        if (key == null) {
            return 0;
        }
        SignedHeads signed =
                SignedHeads.read(settings.checkpointDirectory().orElseThrow(), service, List.of(key.verification()));
        long removed = 0;
        for (int shard = 0; shard < AuditVerification.SHARDS; shard++) {
            Optional<Long> last = signed.newestBefore(shard, before);
            if (last.isPresent()) {
                Params params = Params.of("shard", shard, "up_to", last.get(), "older", before);
                removed += database.first(EXPIRE, params, row -> row.longValue("removed"))
                        .orElseThrow();
            }
        }
        return removed;
    }

    private static AuditVerification verification(
            String service, Optional<Path> directory, List<SignatureKey.VerificationKey> keys, Instant expired)
            throws IOException {
        return directory.isPresent() && !keys.isEmpty()
                ? AuditVerification.against(directory.get(), service, keys, expired)
                : AuditVerification.withoutCheckpoints(service);
    }

    @Override
    public void close() throws IOException {
        if (checkpoints != null) {
            checkpoints.close();
        }
    }
}
