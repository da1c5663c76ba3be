package io.vitals.health.sahha;

import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.logging.EventLog;
import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * The account token that all replicas use. Each keeps it in memory; a new one is fetched by whoever gets the lease and
 * left, sealed, for the others. Leases go by the database's clock.
 */
final class AccountTokens {
    private static final EventLog LOG = EventLog.of(AccountTokens.class);
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration LOOK = Duration.ofMillis(50);

    private static final Sql READ = Sql.named(
            "sahha-token-read", "SELECT number, sealed, usable_until FROM sahha_token WHERE client_id = :client");
    /** Conflict rule: the lease goes to one, and only if the token is still the one that was found wanting. */
    private static final Sql CLAIM = Sql.named("sahha-token-claim", """
            INSERT INTO sahha_token AS held (client_id, number, claim, lease_until)
            VALUES (:client, 0, :claim, clock_timestamp() + make_interval(secs => :lease))
            ON CONFLICT (client_id) DO UPDATE SET claim = excluded.claim, lease_until = excluded.lease_until
             WHERE held.number = :seen AND (held.lease_until IS NULL OR held.lease_until <= clock_timestamp())
            RETURNING number
            """);

    private static final Sql STORE = Sql.named("sahha-token-store", """
            UPDATE sahha_token
               SET number = number + 1, sealed = :sealed, usable_until = :until, claim = NULL, lease_until = NULL
             WHERE client_id = :client AND claim = :claim
            """);
    private static final Sql RELEASE = Sql.named("sahha-token-release", """
            UPDATE sahha_token SET claim = NULL, lease_until = NULL WHERE client_id = :client AND claim = :claim
            """);

    private final SqlExecutor db;
    private final Envelope envelope;
    private final String clientId;
    private final Clock clock;
    private final RandomGenerator random;
    private final ReentrantLock refresh = new ReentrantLock();
    private volatile @Nullable Token held;

    /** {@code number} grows, so that who was refused can tell a newer one. */
    record Token(long number, Secret value, Instant until) {}

    /** A token as Sahha gave it. */
    record Fetched(Secret value, Instant until) {}

    /** Fetches a token; throws {@link SahhaUnavailableException} when there is none to be had. */
    interface Source {
        Fetched fetch();
    }

    AccountTokens(SqlExecutor db, Envelope envelope, String clientId, Clock clock, RandomGenerator random) {
        this.db = db;
        this.envelope = envelope;
        this.clientId = clientId;
        this.clock = clock;
        this.random = random;
    }

    /**
     * The token in use; a new one when there is none, it is about to end, or it is the one that was just refused.
     *
     * @param refused number of the token that Sahha did not take; 0 when none was refused
     */
    Token current(long refused, Source source) {
        Token known = held;
        if (known != null && usable(known, refused)) {
            return known;
        }
        refresh.lock();
        try {
            known = held;
            if (known == null || !usable(known, refused)) {
                known = shared(refused, source);
                held = known;
            }
            return known;
        } finally {
            refresh.unlock();
        }
    }

    private boolean usable(Token token, long refused) {
        return token.number() > refused && clock.instant().isBefore(token.until());
    }

    private Token shared(long refused, Source source) {
        Duration patience = Deadline.atMost(PATIENCE);
        for (Duration waited = Duration.ZERO; waited.compareTo(patience) < 0; waited = waited.plus(LOOK)) {
            Optional<Stored> stored = stored();
            Token token = stored.map(this::open).orElse(null);
            if (token != null && usable(token, refused)) {
                return token;
            }
            long seen = stored.map(Stored::number).orElse(0L);
            UUID claim = new UUID(random.nextLong(), random.nextLong());
            if (claimed(seen, claim)) {
                return fetched(seen, claim, source);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        throw new SahhaUnavailableException("token_busy", null);
    }

    private boolean claimed(long seen, UUID claim) {
        return db.first(
                        CLAIM,
                        Params.of("client", clientId, "claim", claim, "seen", seen, "lease", LEASE.toSeconds()),
                        row -> row.longValue("number"))
                .isPresent();
    }

    private Token fetched(long seen, UUID claim, Source source) {
        try {
            Fetched fetched = source.fetch();
            db.execute(
                    STORE,
                    Params.of(
                            "client",
                            clientId,
                            "claim",
                            claim,
                            "sealed",
                            envelope.seal(fetched.value(), place()),
                            "until",
                            fetched.until()));
            return new Token(seen + 1, fetched.value(), fetched.until());
        } catch (SahhaUnavailableException e) {
            db.execute(RELEASE, Params.of("client", clientId, "claim", claim));
            throw e;
        }
    }

    /** What lies in the database; never the token itself. */
    private record Stored(
            long number, byte @Nullable [] sealed, @Nullable Instant until) {}

    private Optional<Stored> stored() {
        return db.first(READ, Params.of("client", clientId), AccountTokens::stored);
    }

    private static Stored stored(Row row) {
        return new Stored(row.longValue("number"), row.bytesOrNull("sealed"), row.instantOrNull("usable_until"));
    }

    private @Nullable Token open(Stored stored) {
        byte[] sealed = stored.sealed();
        Instant until = stored.until();
        if (sealed == null || until == null) {
            return null;
        }
        try {
            return new Token(stored.number(), envelope.openSecret(sealed, place()), until);
        } catch (GeneralSecurityException e) {
            // Sealed under a key that is gone: as good as none.
            LOG.warn("sahha_token_unreadable");
            return null;
        }
    }

    private byte[] place() {
        return Envelope.place("sahha", "account_token", clientId);
    }
}
