package io.vitals.kit.audit;

import io.vitals.kit.crypto.SignatureKey;

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

    /** Walks all shards. The connection's role needs EXECUTE on {@code audit_entries}.
     *
     * <p>Entries outside of all shards are told as one finding of the shard after the last. */
    public Report run(Connection connection) throws SQLException {
        List<Finding> findings = new ArrayList<>(signed.findings());
        long entries = 0;
        try (PreparedStatement statement = connection.prepareStatement(STRAYS);
                ResultSet strays = statement.executeQuery()) {
            if (strays.next() && strays.getLong(1) > 0) {
                findings.add(Finding.entry(Finding.Kind.INSERTED, SHARDS, strays.getLong(1)));
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(ENTRIES)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                ChainVerifier verifier = new ChainVerifier(shard, signed.of(shard), expired);
                walk(statement, shard, verifier);
                findings.addAll(verifier.end());
                entries += verifier.count();
            }
        }
        return new Report(entries, signed.count(), signed.newest(), List.copyOf(findings));
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
