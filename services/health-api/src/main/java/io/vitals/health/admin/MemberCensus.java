package io.vitals.health.admin;

import io.vitals.kit.db.Database;
import io.vitals.kit.db.Identity;
import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Members by the state of their sources, as health-api knows them; through a view that names no health data. */
public final class MemberCensus {
    /** Admitted to the views of the admin view only. */
    private static final Identity ADMIN = Identity.worker("admin");

    private static final UUID FIRST = new UUID(0, 0);

    private static final Sql COUNTS = Sql.named("admin-sahha-counts", """
            SELECT sahha, count(*) AS members FROM admin_member GROUP BY sahha
            """);
    private static final Sql UNLINKED = Sql.named("admin-unlinked", """
            SELECT member, created_at, sahha FROM admin_member
             WHERE whoop = 'none' AND member > :after ORDER BY member LIMIT :limit
            """);
    private static final Sql SAHHA = Sql.named("admin-sahha", """
            SELECT member, sahha FROM admin_member WHERE member = ANY (CAST(:members AS uuid[]))
            """);

    private final Database database;

    public MemberCensus(Database database) {
        this.database = database;
    }

    /** A member who never connected a strap. */
    public record Unlinked(UUID member, Instant since, String sahha) {}

    /** Members by the state of their Sahha profile; {@code none} for those without. */
    public Map<String, Long> sahhaCounts() {
        return ADMIN
                .call(() -> database.list(
                        COUNTS, Params.none(), row -> Map.entry(row.string("sahha"), row.longValue("members"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Members without a strap by id, from after this one on; null from the first on. */
    public List<Unlinked> unlinked(@Nullable UUID after, int limit) {
        return ADMIN.call(() -> database.list(
                UNLINKED,
                Params.of("after", after == null ? FIRST : after, "limit", limit),
                row -> new Unlinked(row.uuid("member"), row.instant("created_at"), row.string("sahha"))));
    }

    /** State of the Sahha profiles of these members. */
    public Map<UUID, String> sahha(Collection<UUID> members) {
        String ids = members.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}"));
        return ADMIN
                .call(() -> database.list(
                        SAHHA, Params.of("members", ids), row -> Map.entry(row.uuid("member"), row.string("sahha"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
