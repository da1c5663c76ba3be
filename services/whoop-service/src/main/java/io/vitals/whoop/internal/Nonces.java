package io.vitals.whoop.internal;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.signing.NonceStore;

import java.time.Instant;

/** Nonces of signed calls in the database, so that a replay is seen by every replica. */
public final class Nonces implements NonceStore {
    private static final Sql USE = Sql.named(
            "nonce-use",
            "INSERT INTO service_nonce (nonce, expires_at) VALUES (:nonce, :expires_at) ON CONFLICT (nonce) DO NOTHING");

    private static final Sql PURGE = Sql.named(
            "nonce-purge", "DELETE FROM service_nonce WHERE expires_at < clock_timestamp() - INTERVAL '5 minutes'");

    private final Database database;

    public Nonces(Database database) {
        this.database = database;
    }

    @Override
    public boolean firstUse(String nonce, Instant expires) {
        return database.execute(USE, Params.of("nonce", nonce, "expires_at", expires)) == 1;
    }

    /** Forgets nonces whose signatures nobody accepts any more. */
    public void purge() {
        database.execute(PURGE, Params.none());
    }
}
