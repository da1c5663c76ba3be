package io.vitals.health.access;

import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.crypto.Tokens;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Browser sessions, shared by all replicas. The cookie is 256 random bits of which only the hash is stored. */
final class Sessions {
    private static final Duration TOUCH = Duration.ofMinutes(1);
    private static final String COLUMNS = "id_hash, member, tokens, access_expires_at, last_seen_at";

    private static final Sql ADD = Sql.named("session-add", """
            INSERT INTO session
                (id_hash, member, tokens, access_expires_at, created_at, last_seen_at, absolute_expires_at, issuer_session, browser)
            VALUES (:id, :member, :tokens, :access_expires, :now, :now, :absolute, CAST(:issuer_session AS bytea), :browser)
            """);
    private static final Sql FIND = Sql.named(
            "session-find",
            "SELECT " + COLUMNS + " FROM session"
                    + " WHERE id_hash = :id AND last_seen_at > :idle AND absolute_expires_at > :now");
    private static final Sql LOCK = Sql.named("session-lock", FIND.text() + " FOR UPDATE");
    private static final Sql TOUCHED = Sql.named(
            "session-touch", "UPDATE session SET last_seen_at = :now WHERE id_hash = :id AND last_seen_at < :before");
    private static final Sql RENEW = Sql.named(
            "session-renew",
            "UPDATE session SET tokens = :tokens, access_expires_at = :access_expires WHERE id_hash = :id");
    private static final Sql END =
            Sql.named("session-end", "DELETE FROM session WHERE id_hash = :id RETURNING " + COLUMNS);
    private static final Sql END_ALL = Sql.named("session-end-all", "DELETE FROM session WHERE member = :member");
    private static final Sql END_AT_ISSUER = Sql.named("session-end-at-issuer", """
            DELETE FROM session
             WHERE issuer_session = :issuer_session AND member = coalesce(CAST(:member AS uuid), member)
            """);
    private static final Sql OF_MEMBER = Sql.named("session-list", """
            SELECT id_hash, created_at, last_seen_at, absolute_expires_at, browser FROM session
             WHERE member = :member AND last_seen_at > :idle AND absolute_expires_at > :now
             ORDER BY created_at DESC, id_hash LIMIT 100
            """);
    private static final Sql PURGE =
            Sql.named("session-purge", "DELETE FROM session WHERE absolute_expires_at < :now OR last_seen_at < :idle");

    private final Database database;
    private final Envelope envelope;
    private final SessionSettings settings;
    private final Clock clock;
    private final SecureRandom random;

    Sessions(Database database, Envelope envelope, SessionSettings settings, Clock clock, SecureRandom random) {
        this.database = database;
        this.envelope = envelope;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** A session that is neither idle nor over. */
    record Live(byte[] idHash, UUID member, SessionTokens tokens, Instant accessExpiresAt, Instant lastSeenAt) {
        SessionRef ref() {
            return new SessionRef(idHash);
        }
    }

    /** A session as its member may see it. */
    record Known(
            byte[] idHash,
            Instant createdAt,
            Instant lastSeenAt,
            Instant endsAt,
            @Nullable String browser) {}

    /**
     * Starts a session and returns the cookie's value, which is nowhere else.
     *
     * @param issuerSession what the issuer calls the sign-in; null when it has no name for it
     * @param browser which browser it is, in a word or two; null when it does not say
     */
    String start(
            UUID member,
            SessionTokens tokens,
            Instant accessExpiresAt,
            @Nullable String issuerSession,
            @Nullable String browser) {
        String cookie = Tokens.random(random, 32);
        byte[] id = hash(cookie);
        Instant now = clock.instant();
        database.execute(
                ADD,
                Params.of("id", id, "member", member, "tokens", seal(tokens, id), "now", now)
                        .with("access_expires", accessExpiresAt)
                        .with("issuer_session", issuerSession == null ? null : hash(issuerSession))
                        .with("browser", browser)
                        .with("absolute", now.plus(settings.absoluteTimeout())));
        return cookie;
    }

    Optional<Live> find(String cookie) {
        byte[] id = hash(cookie);
        Optional<Live> live = find(database, FIND, id);
        live.filter(l -> l.lastSeenAt().plus(TOUCH).isBefore(clock.instant()))
                .ifPresent(l -> database.execute(
                        TOUCHED,
                        Params.of(
                                "id",
                                id,
                                "now",
                                clock.instant(),
                                "before",
                                clock.instant().minus(TOUCH))));
        return live;
    }

    boolean alive(SessionRef ref) {
        return find(database, FIND, ref.idHash()).isPresent();
    }

    /**
     * Renews the tokens of a session while holding its row, so that of all replicas only one spends the refresh token.
     *
     * @param enough whether the tokens found under the lock need no renewal any more
     * @param renewal gets the locked session; empty ends it
     */
    Optional<Live> renew(Live stale, Function<Live, Boolean> enough, Function<Live, Optional<Renewed>> renewal) {
        return database.transaction(tx -> find(tx, LOCK, stale.idHash()).flatMap(current -> {
            if (enough.apply(current)) {
                return Optional.of(current);
            }
            Optional<Renewed> renewed = renewal.apply(current);
            if (renewed.isEmpty()) {
                tx.list(END, Params.of("id", current.idHash()), row -> true);
                return Optional.empty();
            }
            tx.execute(
                    RENEW,
                    Params.of(
                            "id",
                            current.idHash(),
                            "tokens",
                            seal(renewed.get().tokens(), current.idHash()),
                            "access_expires",
                            renewed.get().accessExpiresAt()));
            return Optional.of(new Live(
                    current.idHash(),
                    current.member(),
                    renewed.get().tokens(),
                    renewed.get().accessExpiresAt(),
                    current.lastSeenAt()));
        }));
    }

    /** New tokens of a session. */
    record Renewed(SessionTokens tokens, Instant accessExpiresAt) {}

    /** Ends a session everywhere; returns what it held, so that the issuer can be told. */
    Optional<SessionTokens> end(String cookie) {
        return endById(hash(cookie));
    }

    /** As {@link #end}, by the hash. */
    Optional<SessionTokens> endById(byte[] idHash) {
        return database.first(END, Params.of("id", idHash), this::live)
                .flatMap(Function.identity())
                .map(Live::tokens);
    }

    /** Ends all of a member's; returns how many. */
    long endAll(UUID member) {
        return database.execute(END_ALL, Params.of("member", member));
    }

    /** Ends those of one sign-in at the issuer, if they are the member's when one is named; returns how many. */
    long endAtIssuer(String issuerSession, Optional<UUID> member) {
        return database.execute(
                END_AT_ISSUER, Params.of("issuer_session", hash(issuerSession), "member", member.orElse(null)));
    }

    List<Known> ofMember(UUID member) {
        Instant now = clock.instant();
        return database.list(
                OF_MEMBER,
                Params.of("member", member, "now", now, "idle", now.minus(settings.idleTimeout())),
                row -> new Known(
                        row.bytes("id_hash"),
                        row.instant("created_at"),
                        row.instant("last_seen_at"),
                        row.instant("absolute_expires_at"),
                        row.stringOrNull("browser")));
    }

    void purge() {
        database.execute(
                PURGE, Params.of("now", clock.instant(), "idle", clock.instant().minus(settings.idleTimeout())));
    }

    private Optional<Live> find(SqlExecutor executor, Sql sql, byte[] id) {
        Instant now = clock.instant();
        Params params = Params.of("id", id, "now", now, "idle", now.minus(settings.idleTimeout()));
        return executor.first(sql, params, this::live).flatMap(Function.identity());
    }

    /** A session whose tokens cannot be opened (its key is gone) is no session. */
    private Optional<Live> live(Row row) {
        byte[] id = row.bytes("id_hash");
        try {
            SessionTokens tokens = Json.read(envelope.open(row.bytes("tokens"), place(id)), SessionTokens.class);
            return Optional.of(new Live(
                    id, row.uuid("member"), tokens, row.instant("access_expires_at"), row.instant("last_seen_at")));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private byte[] seal(SessionTokens tokens, byte[] id) {
        return envelope.seal(Json.write(tokens), place(id));
    }

    private static byte[] place(byte[] id) {
        return Envelope.place("session", "tokens", HexFormat.of().formatHex(id));
    }

    private static byte[] hash(String cookie) {
        return Digests.sha256(cookie.getBytes(StandardCharsets.UTF_8));
    }
}
