package io.vitals.whoop.link;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.whoop.model.MemberId;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The link table. All times are the database's. */
final class LinkRepository {
    static final String ONE_MEMBER_PER_ACCOUNT = "link_one_member_per_account";

    private static final Sql FIND =
            Sql.named("link-find", "SELECT " + LinkRow.COLUMNS + " FROM link WHERE member_id = :member");

    private static final Sql OF_ACCOUNT = Sql.named(
            "link-of-account",
            "SELECT " + LinkRow.COLUMNS + " FROM link WHERE whoop_user_id = :user AND state <> 'revoked'");

    /** Conflict rule: a member who connects again replaces the former connection, and fences whatever was under way for it. */
    private static final Sql CONNECT = Sql.named("link-connect", """
            INSERT INTO link AS l
                (member_id, whoop_user_id, state, state_at, since, scopes, access_token, refresh_token, access_expires_at, refresh_due_at)
            VALUES (:member, :user, 'active', clock_timestamp(), clock_timestamp(), :scopes, :access, :refresh,
                clock_timestamp() + make_interval(secs => :lifetime), clock_timestamp() + make_interval(secs => :due))
            ON CONFLICT (member_id) DO UPDATE SET
                whoop_user_id = excluded.whoop_user_id, state = 'active', reason = NULL,
                state_at = excluded.state_at, since = excluded.since, scopes = excluded.scopes,
                access_token = excluded.access_token, refresh_token = excluded.refresh_token,
                access_expires_at = excluded.access_expires_at, refresh_due_at = excluded.refresh_due_at,
                refresh_failures = 0, refresh_intents = 0, refresh_intent_at = NULL,
                generation = l.generation + 1, lease_holder = NULL, lease_until = NULL, revocation_due_at = NULL
            RETURNING\s""" + LinkRow.COLUMNS);

    private static final Sql FORMER =
            Sql.named("link-former", "SELECT " + LinkRow.COLUMNS + " FROM link WHERE member_id = :member FOR UPDATE");

    /** Also notes the intent to send the refresh token: if nothing is heard of this holder again, the next one knows that it may be spent. */
    private static final Sql LEASE = Sql.named("link-lease", """
            UPDATE link SET state = 'refreshing', state_at = clock_timestamp(), lease_holder = :holder,
                lease_until = clock_timestamp() + make_interval(secs => :lease),
                refresh_intents = refresh_intents + 1, refresh_intent_at = clock_timestamp()
            WHERE member_id = :member AND generation = :generation AND state IN ('active', 'refreshing', 'refresh_failing')
              AND (lease_until IS NULL OR lease_until <= clock_timestamp())
              AND (state <> 'refresh_failing' OR refresh_due_at <= clock_timestamp())
            RETURNING\s""" + LinkRow.COLUMNS);

    private static final String FENCE =
            " WHERE member_id = :member AND generation = :generation AND lease_holder = :holder AND state = 'refreshing'";

    private static final Sql RENEW = Sql.named("link-renew", """
            UPDATE link SET state = 'active', state_at = clock_timestamp(), reason = NULL, access_token = :access, refresh_token = :refresh,
                scopes = CASE WHEN CAST(:scopes AS text) = '' THEN scopes ELSE :scopes END,
                access_expires_at = clock_timestamp() + make_interval(secs => :lifetime),
                refresh_due_at = clock_timestamp() + make_interval(secs => :due),
                refresh_failures = 0, refresh_intents = 0, refresh_intent_at = NULL,
                generation = generation + 1, lease_holder = NULL, lease_until = NULL""" + FENCE);

    private static final Sql REFRESH_FAILED = Sql.named("link-refresh-failed", """
            UPDATE link SET state = 'refresh_failing', state_at = clock_timestamp(), reason = :reason, refresh_failures = refresh_failures + 1,
                refresh_intents = refresh_intents - CAST(:settled AS integer),
                refresh_intent_at = CASE WHEN refresh_intents = CAST(:settled AS integer) THEN NULL ELSE refresh_intent_at END,
                refresh_due_at = clock_timestamp() + make_interval(secs =>
                    CAST(:jitter AS double precision) * least(300, 2 ^ least(refresh_failures, 10))),
                lease_holder = NULL, lease_until = NULL""" + FENCE);

    private static final Sql LOSE = Sql.named("link-lose", """
            UPDATE link SET state = 'reauth_required', state_at = clock_timestamp(), reason = :reason, since = clock_timestamp(),
                access_token = NULL, refresh_token = NULL, refresh_intents = 0, refresh_intent_at = NULL,
                access_expires_at = NULL, refresh_due_at = NULL, lease_holder = NULL, lease_until = NULL, generation = generation + 1""" + FENCE);

    /** The tokens stay until WHOOP has been told, for a minute at most per attempt; the new generation fences any refresh. */
    private static final Sql REVOKE = Sql.named("link-revoke", """
            UPDATE link SET state = 'revoked', state_at = clock_timestamp(), reason = 'disconnected', since = clock_timestamp(),
                generation = generation + 1, refresh_intents = 0, refresh_intent_at = NULL,
                lease_holder = NULL, lease_until = NULL, refresh_due_at = NULL, refresh_failures = 0,
                revocation_due_at = CASE WHEN access_token IS NULL THEN NULL ELSE clock_timestamp() + INTERVAL '1 minute' END
            WHERE member_id = :member AND state <> 'revoked'
            RETURNING\s""" + LinkRow.COLUMNS);

    /** A pair got only to give the consent back: if that call fails, the next attempt needs it. */
    private static final Sql KEEP_FOR_REVOCATION = Sql.named("link-keep-for-revocation", """
            UPDATE link SET access_token = :access, refresh_token = :refresh, generation = generation + 1
            WHERE member_id = :member AND generation = :generation AND state = 'revoked'
            RETURNING\s""" + LinkRow.COLUMNS);

    private static final Sql FORGET_TOKENS = Sql.named("link-forget-tokens", """
            UPDATE link SET access_token = NULL, refresh_token = NULL, access_expires_at = NULL, revocation_due_at = NULL
            WHERE member_id = :member AND generation = :generation AND state = 'revoked'""");

    private static final Sql CLAIM_REVOCATION = Sql.named("link-claim-revocation", """
            UPDATE link SET revocation_due_at = clock_timestamp() + INTERVAL '1 minute', refresh_failures = refresh_failures + 1
            WHERE member_id = (SELECT member_id FROM link WHERE revocation_due_at <= clock_timestamp()
                               ORDER BY revocation_due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING refresh_failures,\s""" + LinkRow.COLUMNS);

    private static final Sql DUE = Sql.named("link-refresh-due", "SELECT " + LinkRow.COLUMNS + """
                     FROM link WHERE refresh_due_at <= clock_timestamp() AND state IN ('active', 'refreshing', 'refresh_failing')
                      AND (lease_until IS NULL OR lease_until <= clock_timestamp())
                    ORDER BY refresh_due_at LIMIT 10""");

    private static final Sql COUNT = Sql.named("link-count", """
            SELECT CASE WHEN state = 'revoked' THEN 'revoked'
                        WHEN access_expires_at IS NULL OR access_expires_at <= clock_timestamp() THEN 'expired'
                        WHEN refresh_due_at <= clock_timestamp() THEN 'expiring' ELSE 'active' END AS kind, count(*) AS links
            FROM link GROUP BY 1""");

    private static final Sql TOUCH_WEBHOOK = Sql.named("link-touch-webhook", """
            UPDATE link SET last_webhook_at = clock_timestamp()
            WHERE whoop_user_id = :user AND state <> 'revoked'
              AND (last_webhook_at IS NULL OR last_webhook_at < clock_timestamp() - INTERVAL '1 second')""");

    private static final Sql HOLD = Sql.named("link-hold", """
            SELECT member_id FROM link WHERE member_id = :member AND whoop_user_id = :user AND state <> 'revoked'
            FOR NO KEY UPDATE""");

    private static final Sql TOUCH_SYNC =
            Sql.named("link-touch-sync", "UPDATE link SET last_sync_at = clock_timestamp() WHERE member_id = :member");

    /** What counts for a sealed pair, as the repository stores it. */
    record Sealed(byte[] access, byte[] refresh, Duration lifetime, Duration refreshIn, String scopes) {}

    /** A link whose revocation WHOOP has yet to hear of. */
    record Revocation(LinkRow link, int attempts) {}

    Optional<LinkRow> find(SqlExecutor db, MemberId member) {
        return db.first(FIND, Params.of("member", member.value()), LinkRow::of);
    }

    Optional<LinkRow> ofAccount(SqlExecutor db, long whoopUserId) {
        return db.first(OF_ACCOUNT, Params.of("user", whoopUserId), LinkRow::of);
    }

    /** The member's row as it was before a connection, locked so that it stays so. */
    Optional<LinkRow> former(SqlExecutor tx, MemberId member) {
        return tx.first(FORMER, Params.of("member", member.value()), LinkRow::of);
    }

    LinkRow connect(SqlExecutor tx, MemberId member, long whoopUserId, Sealed pair) {
        return tx.first(CONNECT, params(member, pair).with("user", whoopUserId), LinkRow::of)
                .orElseThrow();
    }

    Optional<LinkRow> lease(SqlExecutor db, MemberId member, long generation, UUID holder, Duration lease) {
        return db.first(LEASE, fence(member, generation, holder).with("lease", seconds(lease)), LinkRow::of);
    }

    boolean renew(SqlExecutor db, LinkRow leased, UUID holder, Sealed pair) {
        Params params = params(leased.member(), pair)
                .with("generation", leased.generation())
                .with("holder", holder);
        return db.execute(RENEW, params) == 1;
    }

    /** With {@code settled} the refresh token surely is as good as before. */
    boolean refreshFailed(SqlExecutor db, LinkRow leased, UUID holder, String reason, boolean settled, double jitter) {
        return db.execute(
                        REFRESH_FAILED,
                        fence(leased.member(), leased.generation(), holder)
                                .with("reason", reason)
                                .with("settled", settled ? 1 : 0)
                                .with("jitter", jitter))
                == 1;
    }

    boolean lose(SqlExecutor db, LinkRow leased, UUID holder, String reason) {
        return db.execute(
                        LOSE,
                        fence(leased.member(), leased.generation(), holder).with("reason", reason))
                == 1;
    }

    Optional<LinkRow> revoke(SqlExecutor tx, MemberId member) {
        return tx.first(REVOKE, Params.of("member", member.value()), LinkRow::of);
    }

    Optional<LinkRow> keepForRevocation(SqlExecutor db, LinkRow revoked, Sealed pair) {
        Params params = Params.of(
                "member", revoked.member().value(),
                "generation", revoked.generation(),
                "access", pair.access(),
                "refresh", pair.refresh());
        return db.first(KEEP_FOR_REVOCATION, params, LinkRow::of);
    }

    boolean forgetTokens(SqlExecutor db, LinkRow revoked) {
        Params params = Params.of("member", revoked.member().value(), "generation", revoked.generation());
        return db.execute(FORGET_TOKENS, params) == 1;
    }

    Optional<Revocation> claimRevocation(SqlExecutor db) {
        return db.first(
                CLAIM_REVOCATION,
                Params.none(),
                row -> new Revocation(LinkRow.of(row), row.intValue("refresh_failures")));
    }

    List<LinkRow> dueForRefresh(SqlExecutor db) {
        return db.list(DUE, Params.none(), LinkRow::of);
    }

    List<java.util.Map.Entry<String, Long>> count(SqlExecutor db) {
        return db.list(COUNT, Params.none(), row -> java.util.Map.entry(row.string("kind"), row.longValue("links")));
    }

    boolean hold(SqlExecutor tx, MemberId member, long whoopUserId) {
        return tx.first(HOLD, Params.of("member", member.value(), "user", whoopUserId), row -> true)
                .isPresent();
    }

    void touchWebhook(SqlExecutor db, long whoopUserId) {
        db.execute(TOUCH_WEBHOOK, Params.of("user", whoopUserId));
    }

    void touchSync(SqlExecutor db, MemberId member) {
        db.execute(TOUCH_SYNC, Params.of("member", member.value()));
    }

    private static Params params(MemberId member, Sealed pair) {
        return Params.of(
                "member", member.value(),
                "access", pair.access(),
                "refresh", pair.refresh(),
                "scopes", pair.scopes(),
                "lifetime", seconds(pair.lifetime()),
                "due", seconds(pair.refreshIn()));
    }

    private static Params fence(MemberId member, long generation, UUID holder) {
        return Params.of("member", member.value(), "generation", generation, "holder", holder);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
