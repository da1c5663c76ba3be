package io.vitals.kit.audit;

import io.vitals.kit.config.Secret;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the audit log's checkpoints go. Without a directory and a key none are written, and then nothing shows that the end
 * of the log was cut off.
 *
 * @param checkpointInterval at most 60 s
 * @param checkpointDirectory outside the database and its backups
 * @param signingKey private Ed25519 key as a JWK
 * @param retention how long entries are kept, at least 180 days
 */
public record AuditSettings(
        Duration checkpointInterval,
        Optional<Path> checkpointDirectory,
        Optional<Secret> signingKey,
        Duration retention) {
    private static final Duration LEAST_RETENTION = Duration.ofDays(180);

    public AuditSettings {
        if (checkpointInterval.compareTo(Checkpoints.LONGEST_INTERVAL) > 0 || checkpointInterval.toMillis() < 100) {
            throw new IllegalArgumentException("audit.checkpoint-interval is not from 100ms to 60s");
        }
        if (retention.compareTo(LEAST_RETENTION) < 0) {
            throw new IllegalArgumentException("audit.retention is less than 180 days");
        }
        if (checkpointDirectory.isPresent() != signingKey.isPresent()) {
            throw new IllegalArgumentException(
                    "audit.checkpoint-directory and audit.signing-key-file are given together or not at all");
        }
    }
}
