package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.db.Database;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import io.vitals.kit.personal.PersonalData;
import io.vitals.sandbox.postgres.CanaryRows;
import io.vitals.sandbox.postgres.SandboxDatabase;
import io.vitals.whoop.support.TestDatabases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ErasureTest {
    /** What the running service has filled itself, or must not be disturbed. */
    private static final List<String> NOT_PLANTED = List.of("link", "audit_event", "profile", "body");

    private static final String MEMBER_COLUMN =
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'member_id'"
                    + " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
                    + " AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'audit_event'";

    @Test
    void nothingIsLeftInAnyTableAndWhoopHasItsConsentBack() throws SQLException {
        try (RunningService service = RunningService.start()) {
            UUID member = service.connect(1);
            UUID other = service.connect(2);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Rows.fetched(service, member) && Rows.fetched(service, other));
            SandboxDatabase sandbox = service.sandbox();
            String account = strings(sandbox, "SELECT whoop_user_id FROM link WHERE member_id = '" + member + "'")
                    .getFirst();
            List<String> othersBefore = counts(sandbox, other);
            List<String> planted;
            try (Connection owner = sandbox.connectAsOwner()) {
                planted = CanaryRows.plant(owner, fixed(member, account), NOT_PLANTED);
                assertThat(planted)
                        .contains("webhook_inbox", "sync_listed", "sync_walk", "sync_suspect", "oauth_state", "sleep");
                assertThat(CanaryRows.found(owner)).contains("webhook_inbox", "sync_listed", "sleep", "tombstone");
            }

            String receipt = UUID.randomUUID().toString();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> erase(service, member, receipt).status() == 200);

            for (String table : strings(sandbox, MEMBER_COLUMN)) {
                assertThat(strings(sandbox, "SELECT count(*) FROM " + table + " WHERE member_id = '" + member + "'"))
                        .as(table)
                        .containsExactly("0");
            }
            assertThat(strings(sandbox, "SELECT count(*) FROM webhook_inbox WHERE whoop_user_id = " + account))
                    .containsExactly("0");
            try (Connection owner = sandbox.connectAsOwner()) {
                assertThat(CanaryRows.found(owner)).isEmpty();
            }
            assertThat(counts(sandbox, other))
                    .as("the other member keeps everything")
                    .isEqualTo(othersBefore);
            assertThat(service.audited(member))
                    .contains(
                            "link.revoked member success",
                            "token.destroyed system success",
                            "member.erased member success");
            assertThat(service.link(member).path("state").asText()).isEqualTo("none");
            // That answer may not have been heard.
            OutboundResponse again = erase(service, member, receipt);
            assertThat(again.status()).isEqualTo(200);
            assertThat(Json.tree(again.body()).path("removed").path("sleep").asLong())
                    .isPositive();
            OutboundResponse another = erase(service, member, null);
            assertThat(another.status()).isEqualTo(200);
            assertThat(Json.tree(another.body()).path("removed")).isEmpty();
            assertThat(erase(service, member, "mine").status()).isEqualTo(400);
        }
    }

    @Test
    void whatIsPersonalOrHealthIsInTheExportAndSecretsAreNot() throws SQLException {
        SandboxDatabase sandbox = TestDatabases.migrated();
        UUID member = UUID.randomUUID();
        try (Connection owner = sandbox.connectAsOwner()) {
            CanaryRows.plant(owner, fixed(member, "4711"), List.of("audit_event"));
        }
        TreeSet<String> missing = new TreeSet<>(strings(sandbox, """
                SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                   AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'audit_event'
                   AND col_description(c.oid, a.attnum) ~ '^(personal|health):'"""));
        assertThat(missing).contains("sleep.raw", "profile.email", "webhook_inbox.object_id");
        List<String> secrets = strings(sandbox, """
                SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
                   AND col_description(c.oid, a.attnum) ~ '^secret:'""");
        assertThat(secrets).contains("link.access_token");
        try (Database database = TestDatabases.open(sandbox)) {
            for (String table : PersonalData.tables(database)) {
                for (String row : PersonalData.rows(database, member, table, 0, 10)) {
                    JsonNode columns = Json.tree(row.getBytes(StandardCharsets.UTF_8));
                    columns.fieldNames().forEachRemaining(column -> {
                        missing.remove(table + "." + column);
                        assertThat(secrets).doesNotContain(table + "." + column);
                    });
                }
            }
        }
        assertThat(missing).as("columns about a person that an export lacks").isEmpty();
    }

    private static Map<String, String> fixed(UUID member, String account) {
        return Map.of(
                "member_id",
                "'" + member + "'",
                "whoop_user_id",
                account,
                "reconciliation_id",
                "'" + new UUID(7, member.getLeastSignificantBits()) + "'");
    }

    private static OutboundResponse erase(RunningService service, UUID member, @Nullable String receipt) {
        OutboundRequest request = OutboundRequest.delete("erase", "/internal/v1/members/" + member);
        return service.call(receipt == null ? request : request.query("receipt", receipt));
    }

    private static List<String> counts(SandboxDatabase sandbox, UUID member) throws SQLException {
        List<String> counts = new ArrayList<>();
        for (String table : List.of("link", "sleep", "cycle", "recovery", "workout", "profile", "body")) {
            counts.add(strings(sandbox, "SELECT count(*) FROM " + table + " WHERE member_id = '" + member + "'")
                    .getFirst());
        }
        return counts;
    }

    private static List<String> strings(SandboxDatabase sandbox, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection owner = sandbox.connectAsOwner();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
