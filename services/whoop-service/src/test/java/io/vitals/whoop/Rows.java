package io.vitals.whoop;

import io.vitals.kit.db.Params;
import io.vitals.kit.db.Sql;
import io.vitals.kit.db.SqlExecutor;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.model.RecordType;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Looks behind the API. */
final class Rows {
    private Rows() {}

    /** Whether all that a new link asks for is in: profile and body, too, which the state of a sync says nothing of. */
    static boolean fetched(RunningService service, UUID member) {
        return count(
                        service.database(),
                        "SELECT count(*) AS n FROM sync_cursor WHERE member_id = :member AND complete_to IS NOT NULL",
                        member)
                == RecordType.values().length;
    }

    /** Whether nothing is left to fetch for a link, by its own account, too. */
    static boolean settled(RunningService service, UUID member) {
        return fetched(service, member)
                && service.link(member).path("sync").path("state").asText().equals("current");
    }

    /** The number in column n of a query's only row. */
    static long number(SqlExecutor db, String query) {
        return db.first(Sql.named("test-number", query), Params.none(), row -> row.longValue("n"))
                .orElseThrow();
    }

    /** The number in column n of a query's only row, for the parameter member. */
    static long count(SqlExecutor db, String query, UUID member) {
        return db.first(Sql.named("test-count", query), Params.of("member", member), row -> row.longValue("n"))
                .orElseThrow();
    }

    /** The audit log's entries of a member; the application itself cannot read them. */
    static List<String> audited(SandboxDatabase sandbox, UUID member) {
        try (Connection connection = sandbox.connectAsOwner();
                PreparedStatement entries = connection.prepareStatement(
                        "SELECT action || ' ' || actor || ' ' || outcome AS entry FROM audit_event WHERE member_id = ? ORDER BY id")) {
            entries.setObject(1, member);
            List<String> found = new ArrayList<>();
            try (ResultSet rows = entries.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString("entry"));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
