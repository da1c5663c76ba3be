package io.vitals.health.keys;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Rows of api_key. */
final class KeyStore {
    private static final String COLUMNS =
            " id, member, name, hint, scopes, created_at, expires_at, last_used_at, previous_until ";

    private static final Sql LOCK = Sql.named(
            "api-key-lock-member", "SELECT CAST(pg_advisory_xact_lock(hashtextextended(:member, 30)) AS text) AS held");
    private static final Sql COUNT = Sql.named(
            "api-key-count", "SELECT count(*) AS keys FROM api_key WHERE member = :member AND expires_at > :now");
    // No conflict can be: id and hash are 122 and 256 fresh random bits.
    private static final Sql ADD = Sql.named("api-key-add", """
            INSERT INTO api_key (id, member, name, hint, hash, scopes, lifetime_days, created_at, expires_at)
            VALUES (:id, :member, :name, :hint, :hash, CAST(:scopes AS text[]), :days, :now, :expires)
            RETURNING""" + COLUMNS);
    private static final Sql FIND = Sql.named("api-key-find", """
            SELECT id, member, scopes, last_used_at,
                   CASE WHEN hash = :hash THEN expires_at ELSE least(expires_at, previous_until) END AS ends_at
              FROM api_key WHERE hash = :hash OR previous_hash = :hash
            """);
    private static final Sql ALIVE =
            Sql.named("api-key-alive", "SELECT id FROM api_key WHERE id = :id AND expires_at > :now");
    private static final Sql USED = Sql.named(
            "api-key-used",
            "UPDATE api_key SET last_used_at = :now WHERE id = :id AND coalesce(last_used_at, :before) <= :before");
    private static final Sql OF_MEMBER = Sql.named(
            "api-key-list-own", "SELECT" + COLUMNS + "FROM api_key WHERE member = :member ORDER BY created_at, id");
    private static final Sql PAGE = Sql.named(
            "api-key-list-all", "SELECT" + COLUMNS + "FROM api_key WHERE id > :after ORDER BY id LIMIT :limit");
    /** The value before the one before is over at once, so never more than two work. */
    private static final Sql ROTATE = Sql.named("api-key-rotate", """
            UPDATE api_key
               SET previous_hash = hash, previous_until = least(expires_at, :until), hash = :hash, hint = :hint,
                   expires_at = CAST(:now AS timestamptz) + make_interval(days => lifetime_days)
             WHERE id = :id AND member = :member AND expires_at > :now
            RETURNING""" + COLUMNS);

    private static final Sql REVOKE_OWN =
            Sql.named("api-key-revoke-own", "DELETE FROM api_key WHERE id = :id AND member = :member");
    private static final Sql REVOKE = Sql.named("api-key-revoke", "DELETE FROM api_key WHERE id = :id");
    private static final Sql PURGE = Sql.named("api-key-purge", "DELETE FROM api_key WHERE expires_at < :before");

    /** A value that was found. */
    record Found(
            UUID id,
            UUID member,
            Set<Scope> scopes,
            Instant endsAt,
            @Nullable Instant lastUsedAt) {}

    private KeyStore() {}

    /** One creation at a time for a member, so that the limit on their number holds. */
    static void lock(SqlExecutor tx, UUID member) {
        tx.list(LOCK, Params.of("member", member.toString()), row -> "");
    }

    static long count(SqlExecutor tx, UUID member, Instant now) {
        return tx.first(COUNT, Params.of("member", member, "now", now), row -> row.longValue("keys"))
                .orElse(0L);
    }

    static ApiKey add(SqlExecutor tx, UUID id, UUID member, String value, NewKey wanted, Instant now) {
        Params params = Params.of("id", id, "member", member, "name", wanted.name(), "now", now)
                .with("hint", KeyText.hint(value))
                .with("hash", KeyText.hash(value))
                .with(
                        "scopes",
                        wanted.scopes().stream().map(Scope::wire).sorted().toArray(String[]::new))
                .with("days", wanted.days())
                .with("expires", now.plus(Duration.ofDays(wanted.days())));
        return tx.first(ADD, params, KeyStore::key).orElseThrow();
    }

    static Optional<Found> find(SqlExecutor db, byte[] hash) {
        return db.first(
                FIND,
                Params.of("hash", hash),
                row -> new Found(
                        row.uuid("id"),
                        row.uuid("member"),
                        scopes(row),
                        row.instant("ends_at"),
                        row.instantOrNull("last_used_at")));
    }

    static boolean alive(SqlExecutor db, UUID id, Instant now) {
        return db.first(ALIVE, Params.of("id", id, "now", now), row -> true).isPresent();
    }

    static void used(SqlExecutor db, UUID id, Instant now, Instant before) {
        db.execute(USED, Params.of("id", id, "now", now, "before", before));
    }

    static List<ApiKey> ofMember(SqlExecutor db, UUID member) {
        return db.list(OF_MEMBER, Params.of("member", member), KeyStore::key);
    }

    static List<ApiKey> page(SqlExecutor db, UUID after, int limit) {
        return db.list(PAGE, Params.of("after", after, "limit", limit), KeyStore::key);
    }

    static Optional<ApiKey> rotate(SqlExecutor db, UUID id, UUID member, String value, Instant now, Instant until) {
        Params params = Params.of("id", id, "member", member, "now", now, "until", until)
                .with("hash", KeyText.hash(value))
                .with("hint", KeyText.hint(value));
        return db.first(ROTATE, params, KeyStore::key);
    }

    static boolean revokeOwn(SqlExecutor db, UUID id, UUID member) {
        return db.execute(REVOKE_OWN, Params.of("id", id, "member", member)) > 0;
    }

    static boolean revoke(SqlExecutor db, UUID id) {
        return db.execute(REVOKE, Params.of("id", id)) > 0;
    }

    static void purge(SqlExecutor db, Instant before) {
        db.execute(PURGE, Params.of("before", before));
    }

    private static ApiKey key(Row row) {
        return new ApiKey(
                row.uuid("id"),
                row.uuid("member"),
                row.string("name"),
                row.string("hint"),
                scopes(row),
                row.instant("created_at"),
                row.instant("expires_at"),
                row.instantOrNull("last_used_at"),
                row.instantOrNull("previous_until"));
    }

    /** A scope that this version does not know gives nothing. */
    private static Set<Scope> scopes(Row row) {
        Set<Scope> scopes = new TreeSet<>();
        row.strings("scopes").forEach(wire -> Scope.of(wire).ifPresent(scopes::add));
        return Set.copyOf(scopes);
    }
}
