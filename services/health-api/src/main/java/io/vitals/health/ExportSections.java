package io.vitals.health;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.privacy.Export;
import io.vitals.health.whoop.WhoopPrivacy;
import io.vitals.kit.audit.AuditReader;
import io.vitals.kit.db.Database;
import io.vitals.kit.json.Json;
import io.vitals.kit.personal.PersonalData;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * What an export holds, each part read page by page: every table of both services that names the member, as the catalogues of
 * their databases tell, and who read it.
 */
final class ExportSections {
    private static final int PAGE = 200;

    private ExportSections() {}

    static List<Export.Section> all(Database database, AuditTrail trail, WhoopPrivacy whoop) {
        return List.of(
                new Export.Section("health_api", (member, sink) -> ownTables(database, member, sink)),
                new Export.Section("whoop_service", (member, sink) -> whoopTables(whoop, member, sink)),
                new Export.Section("accesses", (member, sink) -> accesses(trail, member, sink)));
    }

    private static void ownTables(Database database, UUID member, Export.Sink sink) {
        for (String table : PersonalData.tables(database)) {
            int rows = PAGE;
            for (long skip = 0; rows == PAGE; skip += PAGE) {
                List<String> page = PersonalData.rows(database, member, table, skip, PAGE);
                page.forEach(row -> sink.row(table, row.getBytes(StandardCharsets.UTF_8)));
                rows = page.size();
            }
        }
    }

    private static void whoopTables(WhoopPrivacy whoop, UUID member, Export.Sink sink) {
        for (String table : whoop.tables(member)) {
            @Nullable String after = null;
            do {
                JsonNode page = Json.tree(whoop.rows(member, table, after));
                page.path("rows").forEach(row -> sink.row(table, Json.write(row)));
                after = page.path("next").isNumber() ? page.path("next").asText() : null;
            } while (after != null);
        }
    }

    private static void accesses(AuditTrail trail, UUID member, Export.Sink sink) {
        AuditReader.Filter filter = new AuditReader.Filter(member, null, null, null);
        @Nullable Long before = null;
        List<AuditReader.Entry> page;
        do {
            page = trail.reader().page(filter, before, PAGE);
            page.forEach(entry -> sink.row("", Json.write(entry)));
            before = page.isEmpty() ? null : page.getLast().id();
        } while (page.size() == PAGE);
    }
}
