package io.vitals.kit.audit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what the audit chains look like to a place outside the database, signed. Whoever changes the table afterwards,
 * even as its owner, would have to change what was signed too. Each replica writes a file of its own.
 */
public final class Checkpoints implements AutoCloseable {
    /** Longest time in which an entry may lie unsigned. */
    public static final Duration LONGEST_INTERVAL = Duration.ofSeconds(60);

    private static final Sql HEADS = Sql.named("audit-heads", "SELECT shard, seq, hash FROM audit_heads()");

    private final SqlExecutor database;
    private final String service;
    private final String run;
    private final Path directory;
    private final SignatureKey key;
    private final Clock clock;
    private final Map<Integer, Head> known = new HashMap<>();
    private @Nullable CheckpointFile file;
    private long number;
    private volatile Instant newest;

    /**
     * Prepares without touching the disk.
     *
     * @param run name of this run of the process, never used before
     * @param directory where the files go; on no disk of the database
     */
    public Checkpoints(
            SqlExecutor database,
            String service,
            String run,
            Path directory,
            SignatureKey key,
            Clock clock,
            MeterRegistry registry) {
        this.database = database;
        this.service = service;
        this.run = run;
        this.directory = directory;
        this.key = key;
        this.clock = clock;
        this.newest = clock.instant();
        Gauge.builder("audit.checkpoint.age", this, self -> self.age().toMillis() / 1000.0)
                .description("Time since the last signed checkpoint of the audit log was written")
                .baseUnit("seconds")
                .register(registry);
    }

    /** Time since the last checkpoint was on disk, or since the start. */
    public Duration age() {
        return Duration.between(newest, clock.instant());
    }

    /** When the last checkpoint was on disk; empty before the first of this run. */
    public synchronized Optional<Instant> newest() {
        return number == 0 ? Optional.empty() : Optional.of(newest);
    }

    /**
     * Writes a checkpoint, also if nothing has changed: its being there shows that the log was watched.
     *
     * @return false, as the next one is due only after the pause
     */
    public synchronized boolean write() throws IOException {
        List<Head> heads = database.list(
                HEADS,
                Params.none(),
                row -> new Head(
                        row.intValue("shard"),
                        row.longValue("seq"),
                        HexFormat.of().formatHex(row.bytes("hash"))));
        Map<Integer, Head> now = new HashMap<>(known);
        heads.forEach(head -> now.put(head.shard(), head));
        List<Head> changed = new ArrayList<>(now.values());
        changed.removeIf(head -> head.equals(known.get(head.shard())));
        CheckpointFile out = open();
        Instant at = clock.instant();
        out.append(
                Checkpoint.sign(service, run, number + 1, at, changed, MerkleTree.root(now.values()), out.last(), key));
        number++;
        known.putAll(now);
        newest = at;
        return false;
    }

    private CheckpointFile open() throws IOException {
        CheckpointFile open = file;
        if (open == null) {
            open = CheckpointFile.create(directory, service, run);
            file = open;
        }
        return open;
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
