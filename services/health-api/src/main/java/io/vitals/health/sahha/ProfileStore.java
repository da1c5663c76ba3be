package io.vitals.health.sahha;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Whom Sahha is asked about, and when next. */
final class ProfileStore {
    /** State of a profile; {@code registering} until Sahha knows it. */
    enum State {
        REGISTERING,
        ACTIVE,
        FAILING,
        WITHDRAWN;

        String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    record Profile(
            UUID member,
            State state,
            @Nullable Instant registeredAt,
            int failures,
            @Nullable Instant polledUntil,
            @Nullable Instant lastSuccessAt,
            Instant consentedAt,
            @Nullable Instant lastDataAt,
            boolean stale) {
        SahhaListener.State announced() {
            boolean connected = registeredAt != null && state != State.WITHDRAWN;
            return new SahhaListener.State(state.wire(), connected, connected && stale, lastDataAt);
        }
    }

    private static final String COLUMNS =
            " member, state, registered_at, failures, polled_until, last_success_at, consented_at, last_data_at, stale";

    /** A second consent changes nothing; one after a withdrawal starts again. */
    private static final Sql CONSENT = Sql.named("sahha-profile-consent", """
            INSERT INTO sahha_profile (member, state, consented_at, due_at)
            VALUES (:member, 'registering', :now, :now)
            ON CONFLICT (member) DO UPDATE
               SET state = 'registering', consented_at = excluded.consented_at, due_at = excluded.due_at,
                   registered_at = NULL, failures = 0, stale = false
             WHERE sahha_profile.state = 'withdrawn'
            RETURNING""" + COLUMNS);

    private static final Sql WITHDRAW = Sql.named("sahha-profile-withdraw", """
            UPDATE sahha_profile SET state = 'withdrawn', stale = false
             WHERE member = :member AND state <> 'withdrawn'
            RETURNING""" + COLUMNS);

    /** The lease is the due time itself: who dies lets it come due again. */
    private static final Sql CLAIM = Sql.named("sahha-profile-claim", """
            UPDATE sahha_profile SET due_at = :leaseUntil
             WHERE member = (SELECT member FROM sahha_profile
                              WHERE state <> 'withdrawn' AND due_at <= :now
                              ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING""" + COLUMNS);

    private static final Sql LOCK = Sql.named(
            "sahha-profile-lock",
            "SELECT" + COLUMNS + " FROM sahha_profile WHERE member = :member AND state <> 'withdrawn' FOR UPDATE");

    private static final Sql FIND = Sql.named(
            "sahha-profile-find",
            "SELECT" + COLUMNS + " FROM sahha_profile WHERE member = :member AND state <> 'withdrawn'");
    private static final Sql SAVE = Sql.named("sahha-profile-save", """
            UPDATE sahha_profile
               SET state = :state, registered_at = CAST(:registeredAt AS timestamptz), failures = :failures,
                   polled_until = CAST(:polledUntil AS timestamptz),
                   last_success_at = CAST(:lastSuccessAt AS timestamptz),
                   last_data_at = CAST(:lastDataAt AS timestamptz), stale = :stale, due_at = :dueAt
             WHERE member = :member
            """);

    private static final Sql TOUCH =
            Sql.named("sahha-profile-touch", "UPDATE sahha_profile SET last_data_at = :now WHERE member = :member");

    private ProfileStore() {}

    /** The profile if it is new or back. */
    static Optional<Profile> consent(SqlExecutor tx, UUID member, Instant now) {
        return tx.first(CONSENT, Params.of("member", member, "now", now), ProfileStore::profile);
    }

    static Optional<Profile> withdraw(SqlExecutor tx, UUID member) {
        return tx.first(WITHDRAW, Params.of("member", member), ProfileStore::profile);
    }

    static Optional<Profile> claim(SqlExecutor tx, Instant now, Instant leaseUntil) {
        return tx.first(CLAIM, Params.of("now", now, "leaseUntil", leaseUntil), ProfileStore::profile);
    }

    /** The profile, locked to the end of the transaction; empty when unknown or withdrawn. */
    static Optional<Profile> lock(SqlExecutor tx, UUID member) {
        return tx.first(LOCK, Params.of("member", member), ProfileStore::profile);
    }

    /** As {@link #lock}, without the lock. */
    static Optional<Profile> find(SqlExecutor db, UUID member) {
        return db.first(FIND, Params.of("member", member), ProfileStore::profile);
    }

    static void save(SqlExecutor tx, Profile profile, Instant dueAt) {
        tx.execute(
                SAVE,
                Params.of(
                        "member", profile.member(),
                        "state", profile.state(),
                        "registeredAt", profile.registeredAt(),
                        "failures", profile.failures(),
                        "polledUntil", profile.polledUntil(),
                        "lastSuccessAt", profile.lastSuccessAt(),
                        "lastDataAt", profile.lastDataAt(),
                        "stale", profile.stale(),
                        "dueAt", dueAt));
    }

    static void touch(SqlExecutor tx, UUID member, Instant now) {
        tx.execute(TOUCH, Params.of("member", member, "now", now));
    }

    private static Profile profile(Row row) {
        return new Profile(
                row.uuid("member"),
                State.valueOf(row.string("state").toUpperCase(java.util.Locale.ROOT)),
                row.instantOrNull("registered_at"),
                row.intValue("failures"),
                row.instantOrNull("polled_until"),
                row.instantOrNull("last_success_at"),
                row.instant("consented_at"),
                row.instantOrNull("last_data_at"),
                row.bool("stale"));
    }
}
