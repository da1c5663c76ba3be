package io.vitals.health.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Who is who: issuer and subject to our own opaque id, minted at the first sign-in. */
final class Members {
    private static final Sql FIND =
            Sql.named("member-find", "SELECT id FROM member WHERE issuer = :issuer AND subject = :subject");
    // Two first requests at once: the second insert does nothing and both read the first one's id.
    private static final Sql ADD = Sql.named("member-add", """
            INSERT INTO member (id, issuer, subject, created_at) VALUES (:id, :issuer, :subject, :now)
            ON CONFLICT ON CONSTRAINT member_identity DO NOTHING
            """);

    private static final int MOST_KNOWN = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);

    private record Identity(String issuer, String subject) {}

    private final Cache<Identity, UUID> known = Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(KNOWN_FOR)
            .build();
    private final Database database;
    private final Clock clock;
    private final SecureRandom random;

    Members(Database database, Clock clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        this.random = random;
    }

    /** An identity keeps its id for as long as it exists, so a short memory is exact. */
    UUID idOf(String issuer, String subject) {
        return known.get(new Identity(issuer, subject), identity -> find(identity.issuer(), identity.subject()));
    }

    void forget(UUID member) {
        known.asMap().values().remove(member);
    }

    /** The id of who was here before. */
    Optional<UUID> known(String issuer, String subject) {
        return database.first(FIND, Params.of("issuer", issuer, "subject", subject), row -> row.uuid("id"));
    }

    private UUID find(String issuer, String subject) {
        Params identity = Params.of("issuer", issuer, "subject", subject);
        return database.first(FIND, identity, row -> row.uuid("id")).orElseGet(() -> {
            database.execute(ADD, identity.with("id", newId()).with("now", clock.instant()));
            return database.first(FIND, identity, row -> row.uuid("id")).orElseThrow();
        });
    }

    /** A version 4 id out of the injected randomness. */
    private UUID newId() {
        long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
