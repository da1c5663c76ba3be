package io.vitals.whoop.link;

import io.vitals.kit.crypto.Digests;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Authorizations under way. The state itself is never stored, only its hash. */
final class StateRepository {
    private static final Sql ADD = Sql.named("oauth-state-add", """
            INSERT INTO oauth_state (state_hash, member_id, session_binding, verifier, expires_at)
            VALUES (:hash, :member, :binding, :verifier, clock_timestamp() + make_interval(secs => :lifetime))
            RETURNING expires_at""");

    /** One statement, so that of two callbacks with one state a single one passes. */
    private static final Sql USE = Sql.named("oauth-state-use", """
            UPDATE oauth_state SET used_at = clock_timestamp()
            WHERE state_hash = :hash AND member_id = :member AND session_binding = :binding
              AND used_at IS NULL AND expires_at > clock_timestamp()
            RETURNING verifier""");

    private static final Sql PURGE = Sql.named(
            "oauth-state-purge", "DELETE FROM oauth_state WHERE expires_at < clock_timestamp() - INTERVAL '1 day'");

    private StateRepository() {}

    static Instant add(
            SqlExecutor db, String state, MemberId member, String binding, byte[] verifier, Duration lifetime) {
        return db.first(
                        ADD,
                        keys(state, member, binding).with("verifier", verifier).with("lifetime", (double)
                                lifetime.toSeconds()),
                        row -> row.instant("expires_at"))
                .orElseThrow();
    }

    static Optional<byte[]> use(SqlExecutor db, String state, MemberId member, String binding) {
        return db.first(USE, keys(state, member, binding), row -> row.bytes("verifier"));
    }

    static void purge(SqlExecutor db) {
        db.execute(PURGE, Params.none());
    }

    private static Params keys(String state, MemberId member, String binding) {
        byte[] hash = Digests.sha256(state.getBytes(StandardCharsets.UTF_8));
        return Params.of("hash", hash, "member", member.value(), "binding", binding);
    }
}
