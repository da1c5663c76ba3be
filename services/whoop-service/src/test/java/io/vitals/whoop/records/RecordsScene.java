package io.vitals.whoop.records;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.db.Database;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.support.TestDatabases;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

/** Records on a database of their own, at a fixed time. */
final class RecordsScene implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    final Database database = TestDatabases.open(TestDatabases.migrated());
    final Records records =
            new Records(new Feed(database), Clock.fixed(NOW, ZoneOffset.UTC), new SimpleMeterRegistry());

    Owner linked() {
        Owner owner =
                new Owner(new MemberId(UUID.randomUUID()), UUID.randomUUID().getMostSignificantBits() >>> 12);
        database.execute(
                Sql.named(
                        "test-link",
                        "INSERT INTO link (member_id, whoop_user_id, state, since, scopes) VALUES (:member, :user, 'active', now(), '')"),
                Params.of("member", owner.member().value(), "user", owner.whoopUserId()));
        return owner;
    }

    /** Stores what must be readable in full. */
    StoreResult store(Owner owner, Batch batch) {
        if (batch.problem() != null) {
            throw new AssertionError(batch.problem());
        }
        return database.transaction(tx -> records.store(tx, owner, batch));
    }

    /** Runs a statement about :member. */
    void execute(Owner owner, String statement) {
        database.execute(
                Sql.named("test-run", statement),
                Params.of("member", owner.member().value()));
    }

    /** The n of a query about :member. */
    long count(Owner owner, String query) {
        return database.first(
                        Sql.named("test-count", query),
                        Params.of("member", owner.member().value()),
                        row -> row.longValue("n"))
                .orElseThrow();
    }

    @Override
    public void close() {
        database.close();
    }
}
