package io.vitals.kit.audit;

import io.vitals.kit.crypto.SignatureKey;
import org.postgresql.jdbc.PgStatement;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** Compares the whole table with itself and with the signed checkpoints. Reads it in pages, so memory does not grow with it. */
public final class AuditVerification {
    /** As many chains as the trigger of the table spreads the entries over. */
    static final int SHARDS = 64;

    private static final int PAGE = 5_000;
    /** Plain JDBC, because here the cost of each row counts. */
    private static final String ENTRIES = """
            SELECT id, seq, at_micros, action, actor, actor_id, member_id, purpose, object, outcome, reason, hash
              FROM audit_entries(?, ?, ?, ?)""";

    private static final String STRAYS = "SELECT audit_strays()";

    private final SignedHeads signed;
    private final Instant expired;

    private AuditVerification(SignedHeads signed, Instant expired) {
        this.signed = signed;
        this.expired = expired;
    }

    /**
     * Reads the checkpoints.
     *
     * @param directory where they lie
     * @param expired entries signed before then may have been removed by retention
     */
    public static AuditVerification against(
            Path directory, String service, List<SignatureKey.VerificationKey> keys, Instant expired)
            throws IOException {
        return new AuditVerification(SignedHeads.read(directory, service, keys), expired);
    }

    /** Compares the table with itself alone: what is changed is found, what was cut off at an end is not. */
    public static AuditVerification withoutCheckpoints(String service) {
        return new AuditVerification(SignedHeads.none(service), Instant.MIN);
    }

    /**
     * The outcome.
     *
     * @param newest when the newest checkpoint was signed
     */
    public record Report(long entries, long checkpoints, Optional<Instant> newest, List<Finding> findings) {
        public boolean sound() {
            return findings.isEmpty();
        }
    }

    /** Opens one more connection, whose role needs EXECUTE on {@code audit_entries}. */
    @FunctionalInterface
    public interface Connections {
        Connection open() throws SQLException;
    }

    /** What was found in a shard. */
    private record Walked(long entries, List<Finding> findings) {}

    /**
     * Walks all shards. Entries outside of all shards are told as one finding of the shard after the last.
     *
     * @param atOnce shards walked at the same time, each on a connection of its own
     */
    public Report run(Connections connections, int atOnce) throws SQLException {
        List<Finding> findings = new ArrayList<>(signed.findings());
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(STRAYS);
                ResultSet strays = statement.executeQuery()) {
            if (strays.next() && strays.getLong(1) > 0) {
                findings.add(Finding.entry(Finding.Kind.INSERTED, SHARDS, strays.getLong(1)));
            }
        }
        long entries = 0;
        for (Walked shard : walkAll(connections, atOnce)) {
            entries += shard.entries();
            findings.addAll(shard.findings());
        }
        return new Report(entries, signed.count(), signed.newest(), List.copyOf(findings));
    }

    /** In the order of the shards, whoever walked which. */
    private List<Walked> walkAll(Connections connections, int atOnce) throws SQLException {
        AtomicInteger next = new AtomicInteger();
        AtomicReferenceArray<Walked> walked = new AtomicReferenceArray<>(SHARDS);
        List<Future<?>> walkers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                atOnce,
                Thread.ofPlatform().name("audit-verification-", 0).daemon().factory())) {
            for (int i = 0; i < atOnce; i++) {
                walkers.add(threads.submit(() -> {
                    walk(connections, next, walked);
                    return true;
                }));
            }
            try {
                for (Future<?> walker : walkers) {
                    walker.get();
                }
            } finally {
                // Nobody needs the rest when it was given up.
                next.set(SHARDS);
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException fault) {
                throw fault;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
        return IntStream.range(0, SHARDS).mapToObj(walked::get).toList();
    }

    private void walk(Connections connections, AtomicInteger next, AtomicReferenceArray<Walked> walked)
            throws SQLException {
        try (Connection connection = connections.open();
                PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
            // From the first page on, so that numbers and hashes come as they are and not as text.
            statement.unwrap(PgStatement.class).setPrepareThreshold(-1);
            for (int shard = next.getAndIncrement(); shard < SHARDS; shard = next.getAndIncrement()) {
                ChainVerifier verifier = new ChainVerifier(shard, signed.of(shard), expired);
                walk(statement, shard, verifier);
                walked.set(shard, new Walked(verifier.count(), verifier.end()));
            }
        } catch (SQLException | RuntimeException e) {
            next.set(SHARDS);
            throw e;
        }
    }

    private static void walk(PreparedStatement statement, int shard, ChainVerifier verifier) throws SQLException {
        long after = Long.MIN_VALUE;
        long afterId = Long.MIN_VALUE;
        int rows = PAGE;
        while (rows == PAGE) {
            statement.setInt(1, shard);
            statement.setLong(2, after);
            statement.setLong(3, afterId);
            statement.setInt(4, PAGE);
            rows = 0;
            try (ResultSet page = statement.executeQuery()) {
                while (page.next()) {
                    ChainEntry entry = entry(shard, page);
                    verifier.next(entry);
                    after = entry.seq();
                    afterId = entry.id();
                    rows++;
                }
            }
        }
    }

    private static ChainEntry entry(int shard, ResultSet row) throws SQLException {
        return new ChainEntry(
                row.getLong(1),
                shard,
                row.getLong(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getBytes(12));
    }
}
