package io.vitals.whoop.link;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/** What is sealed under another key than the present one. An envelope names its key in bytes 5 to 9 (see Envelope.keyPrefix). */
final class RewrapRepository {
    private static final String OLD_LINK =
            "(substring(access_token FROM 5 FOR 5) <> :prefix OR substring(refresh_token FROM 5 FOR 5) <> :prefix)";

    /** A verifier that is used or expired will never be opened. */
    private static final String OLD_VERIFIER =
            "used_at IS NULL AND expires_at > clock_timestamp() AND substring(verifier FROM 5 FOR 5) <> :prefix";

    private static final Sql LINKS = Sql.named(
            "rewrap-links",
            "SELECT " + LinkRow.COLUMNS + " FROM link WHERE member_id > :after AND " + OLD_LINK
                    + " ORDER BY member_id LIMIT :limit");

    /**
     * Conflict rule: only the very tokens that were read are replaced. The generation fences a pair that was refreshed meanwhile, the bytes
     * fence tokens that were destroyed. The generation stays: the pair is the same, and a refresh under way may go on.
     */
    private static final Sql STORE_LINK = Sql.named("rewrap-store-link", """
            UPDATE link SET access_token = CAST(:access AS bytea), refresh_token = CAST(:refresh AS bytea)
            WHERE member_id = :member AND generation = :generation
              AND access_token IS NOT DISTINCT FROM CAST(:old_access AS bytea)
              AND refresh_token IS NOT DISTINCT FROM CAST(:old_refresh AS bytea)""");

    private static final Sql VERIFIERS = Sql.named(
            "rewrap-verifiers", "SELECT state_hash, verifier FROM oauth_state WHERE " + OLD_VERIFIER + " LIMIT :limit");

    private static final Sql STORE_VERIFIER = Sql.named(
            "rewrap-store-verifier",
            "UPDATE oauth_state SET verifier = :verifier WHERE state_hash = :hash AND verifier = :old");

    private static final Sql LEFT = Sql.named(
            "rewrap-left",
            "SELECT (SELECT count(*) FROM link WHERE " + OLD_LINK + ") + (SELECT count(*) FROM oauth_state WHERE "
                    + OLD_VERIFIER + ") AS n");

    /** An authorization under way. */
    record Verifier(byte[] stateHash, byte[] sealed) {}

    private RewrapRepository() {}

    static List<LinkRow> links(SqlExecutor db, byte[] prefix, UUID after, int limit) {
        return db.list(LINKS, Params.of("prefix", prefix, "after", after, "limit", limit), LinkRow::of);
    }

    static boolean store(SqlExecutor tx, LinkRow read, byte @Nullable [] access, byte @Nullable [] refresh) {
        Params params = Params.of(
                "member", read.member().value(),
                "generation", read.generation(),
                "old_access", read.access(),
                "old_refresh", read.refresh(),
                "access", access,
                "refresh", refresh);
        return tx.execute(STORE_LINK, params) == 1;
    }

    static List<Verifier> verifiers(SqlExecutor db, byte[] prefix, int limit) {
        return db.list(
                VERIFIERS,
                Params.of("prefix", prefix, "limit", limit),
                row -> new Verifier(row.bytes("state_hash"), row.bytes("verifier")));
    }

    static boolean store(SqlExecutor db, Verifier read, byte[] sealed) {
        return db.execute(STORE_VERIFIER, Params.of("hash", read.stateHash(), "old", read.sealed(), "verifier", sealed))
                == 1;
    }

    static long left(SqlExecutor db, byte[] prefix) {
        return db.first(LEFT, Params.of("prefix", prefix), row -> row.longValue("n"))
                .orElseThrow();
    }
}
