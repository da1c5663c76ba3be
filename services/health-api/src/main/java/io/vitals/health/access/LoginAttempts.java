package io.vitals.health.access;

import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.json.Json;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Sign-ins under way. Each is for one browser, once, for ten minutes. */
final class LoginAttempts {
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final Sql START = Sql.named("login-start", """
            INSERT INTO login_attempt (state_hash, browser_hash, sealed, target, expires_at)
            VALUES (:state, :browser, :sealed, :target, :expires)
            """);
    // Taking and deleting in one statement: of two callbacks at once only one gets the row.
    private static final Sql TAKE = Sql.named("login-take", """
            DELETE FROM login_attempt
            WHERE state_hash = :state AND browser_hash = :browser
            RETURNING sealed, target, expires_at > :now AS current
            """);
    private static final Sql PURGE = Sql.named("login-purge", "DELETE FROM login_attempt WHERE expires_at < :now");

    private final Database database;
    private final Envelope envelope;
    private final Clock clock;

    LoginAttempts(Database database, Envelope envelope, Clock clock) {
        this.database = database;
        this.envelope = envelope;
        this.clock = clock;
    }

    /** What an attempt was started with. */
    record Attempt(LoginSecrets secrets, String target) {}

    void start(String state, String browser, LoginSecrets secrets, String target) {
        byte[] stateHash = hash(state);
        database.execute(
                START,
                Params.of(
                        "state",
                        stateHash,
                        "browser",
                        hash(browser),
                        "sealed",
                        envelope.seal(Json.write(secrets), place(stateHash)),
                        "target",
                        target,
                        "expires",
                        clock.instant().plus(LIFE)));
    }

    /** Takes the attempt out; empty when there is none for this state and this browser, or it is too old. */
    Optional<Attempt> take(String state, String browser) {
        byte[] stateHash = hash(state);
        Params params = Params.of("state", stateHash, "browser", hash(browser), "now", clock.instant());
        record Taken(byte[] sealed, String target, boolean current) {}
        return database.first(
                        TAKE, params, row -> new Taken(row.bytes("sealed"), row.string("target"), row.bool("current")))
                .filter(Taken::current)
                .flatMap(taken -> open(taken.sealed(), stateHash).map(secrets -> new Attempt(secrets, taken.target())));
    }

    void purge() {
        database.execute(PURGE, Params.of("now", clock.instant()));
    }

    private Optional<LoginSecrets> open(byte[] sealed, byte[] stateHash) {
        try {
            return Optional.of(Json.read(envelope.open(sealed, place(stateHash)), LoginSecrets.class));
        } catch (GeneralSecurityException e) {
            // Sealed by a key that is gone: the person signs in again.
            return Optional.empty();
        }
    }

    private static byte[] place(byte[] stateHash) {
        return Envelope.place("login_attempt", "sealed", HexFormat.of().formatHex(stateHash));
    }

    private static byte[] hash(String value) {
        return Digests.sha256(value.getBytes(StandardCharsets.US_ASCII));
    }
}
