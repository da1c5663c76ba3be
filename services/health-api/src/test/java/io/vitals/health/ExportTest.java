package io.vitals.health;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.privacy.Export;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.MovableClock;
import io.vitals.health.whoop.WhoopPrivacy;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.postgres.CanaryRows;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.ZipInputStream;

import static org.assertj.core.api.Assertions.assertThat;

class ExportTest {
    private final UUID member = UUID.randomUUID();
    private HealthDatabase health;
    private AuditTrail trail;
    private boolean whoopAway;

    @BeforeEach
    void plant() throws Exception {
        health = HealthDatabase.start();
        trail = new AuditTrail(health.raw(), new SimpleMeterRegistry());
        try (Connection owner = health.connectAsOwner();
                Statement statement = owner.createStatement()) {
            statement.execute("INSERT INTO member (id, issuer, subject, created_at) VALUES ('" + member
                    + "', 'issuer', '=SUM(A1)', now())");
            CanaryRows.plant(
                    owner,
                    Map.of(
                            "member",
                            "'" + member + "'",
                            "pseudonym",
                            "'" + UUID.randomUUID() + "'",
                            "formula_version",
                            "'1'"),
                    List.of("audit_event", "member", "erasure"));
        }
        trail.record(AuditEvent.of("days.read", "member", member).withActorId("somebody"));
    }

    @AfterEach
    void close() {
        health.close();
    }

    @Test
    void what_is_personal_or_health_is_in_it_and_secrets_are_not() throws Exception {
        JsonNode document = json();
        Set<String> missing = columns("personal|health");
        assertThat(missing).contains("daily_record.document", "member.subject", "consent.granted");
        Set<String> secret = columns("secret");
        document.properties().forEach(table -> {
            if (table.getKey().startsWith("health_api.")) {
                String name = table.getKey().substring("health_api.".length());
                table.getValue()
                        .forEach(row -> row.fieldNames().forEachRemaining(column -> {
                            missing.remove(name + "." + column);
                            assertThat(secret).doesNotContain(name + "." + column);
                        }));
            }
        });
        assertThat(missing).as("columns about a person that an export lacks").isEmpty();
        assertThat(document.path("whoop_service.cycle")).hasSize(2);
        assertThat(document.path("accesses").get(0).path("action").asText()).isEqualTo("days.read");
        assertThat(document.path("incomplete")).isEmpty();
    }

    @Test
    void a_service_that_is_away_is_named() throws IOException {
        whoopAway = true;
        JsonNode document = json();
        assertThat(document.path("incomplete").get(0).asText()).isEqualTo("whoop_service");
        assertThat(document.path("health_api.consent")).hasSize(1);
        assertThat(document.path("accesses")).hasSize(1);
        assertThat(csv().get("about.csv")).endsWith(",whoop_service\r\n");
    }

    @Test
    void the_archive_has_a_file_for_each_table_and_no_formulas() throws IOException {
        Map<String, String> files = csv();
        assertThat(files.keySet())
                .contains(
                        "health_api.daily_record.csv",
                        "health_api.member.csv",
                        "whoop_service.cycle.csv",
                        "accesses.csv");
        assertThat(files.get("health_api.member.csv"))
                .startsWith("id,issuer,subject,created_at\r\n" + member + ",issuer,'=SUM(A1),");
        assertThat(files.get("whoop_service.cycle.csv"))
                .isEqualTo("id,note,nested\r\n1,\"'+1, \"\"quoted\"\"\",\"{\"\"a\"\":1}\"\r\n2,,[]\r\n");
    }

    private Export export() {
        return new Export(ExportSections.all(health.raw(), trail, new Whoop()), new MovableClock());
    }

    private JsonNode json() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        export().write(member, out);
        return Json.tree(out.toByteArray());
    }

    private Map<String, String> csv() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        export().writeCsv(member, out);
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    private Set<String> columns(String classes) throws Exception {
        Set<String> columns = new TreeSet<>();
        try (Connection owner = health.connectAsOwner();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                           AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
                           AND c.relname NOT IN ('audit_event', 'erasure', 'rate_bucket')
                           AND col_description(c.oid, a.attnum) ~ '^(%s):'""".formatted(classes))) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        return columns;
    }

    private final class Whoop implements WhoopPrivacy {
        @Override
        public Erased erase(UUID of, UUID receipt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> tables(UUID of) {
            if (whoopAway) {
                throw new WhoopUnavailableException("away", null);
            }
            return List.of("body", "cycle");
        }

        @Override
        public byte[] rows(UUID of, String table, @Nullable String after) {
            String page = table.equals("body")
                    ? "{\"rows\":[]}"
                    : after == null
                            ? "{\"rows\":[{\"id\":1,\"note\":\"+1, \\\"quoted\\\"\",\"nested\":{\"a\":1}}],\"next\":200}"
                            : "{\"rows\":[{\"id\":2,\"note\":null,\"nested\":[]}],\"next\":null}";
            return page.getBytes(StandardCharsets.UTF_8);
        }
    }
}
