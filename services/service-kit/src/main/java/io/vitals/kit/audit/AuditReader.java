package io.vitals.kit.audit;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Row;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What auditors and members may see of the log, through functions of the database: the table itself is closed. */
public final class AuditReader {
    private static final Sql PAGE = Sql.named("audit-page", """
            SELECT id, at, action, actor, actor_id, member_id, purpose, object, outcome, reason
              FROM audit_page(CAST(:member AS uuid), CAST(:actor AS text), CAST(:since AS timestamptz),
                              CAST(:until AS timestamptz), CAST(:before AS bigint), CAST(:most AS integer))
            """);
    private static final Sql TOUCHED = Sql.named("audit-touched", """
            SELECT member_id, entries, first_at, last_at
              FROM audit_touched(CAST(:actor AS text), CAST(:since AS timestamptz), CAST(:until AS timestamptz),
                                 CAST(:after AS uuid), CAST(:most AS integer))
            """);

    private final SqlExecutor database;

    public AuditReader(SqlExecutor database) {
        this.database = database;
    }

    /** An entry as it is shown. */
    public record Entry(
            long id,
            Instant at,
            String action,
            String actor,
            @Nullable String actorId,
            @Nullable UUID member,
            @Nullable String purpose,
            @Nullable String object,
            String outcome,
            @Nullable String reason) {}

    /** Which entries; null means whatever. {@code since} is inside, {@code until} outside. */
    public record Filter(
            @Nullable UUID member,
            @Nullable String actorId,
            @Nullable Instant since,
            @Nullable Instant until) {}

    /** A member whose data somebody touched. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Touched(UUID member, long entries, Instant firstAt, Instant lastAt) {}

    /** Newest first, from before the entry with this id on; null from the newest on. */
    public List<Entry> page(Filter filter, @Nullable Long before, int most) {
        return database.list(
                PAGE,
                Params.of(
                        "member", filter.member(),
                        "actor", filter.actorId(),
                        "since", filter.since(),
                        "until", filter.until(),
                        "before", before,
                        "most", most),
                AuditReader::entry);
    }

    /** The members whose data an actor touched, by id, from after this one on. */
    public List<Touched> touched(String actorId, Instant since, Instant until, @Nullable UUID after, int most) {
        return database.list(
                TOUCHED,
                Params.of("actor", actorId, "since", since, "until", until, "after", after, "most", most),
                row -> new Touched(
                        row.uuid("member_id"),
                        row.longValue("entries"),
                        row.instant("first_at"),
                        row.instant("last_at")));
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.longValue("id"),
                row.instant("at"),
                row.string("action"),
                row.string("actor"),
                row.stringOrNull("actor_id"),
                row.uuidOrNull("member_id"),
                row.stringOrNull("purpose"),
                row.stringOrNull("object"),
                row.string("outcome"),
                row.stringOrNull("reason"));
    }
}
