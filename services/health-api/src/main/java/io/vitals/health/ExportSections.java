package io.vitals.health;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.health.daily.DailyRecords;
import io.vitals.health.daily.DayPage;
import io.vitals.health.privacy.Consents;
import io.vitals.health.privacy.Export;
import io.vitals.health.sahha.Sahha;
import io.vitals.health.whoop.WhoopService;
import io.vitals.kit.json.Json;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** What an export holds, each part read page by page. */
final class ExportSections {
    private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
    private static final int PAGE = 100;

    private ExportSections() {}

    static List<Export.Section> all(Consents consents, DailyRecords daily, WhoopService whoop, Sahha sahha) {
        return List.of(
                new Export.Section(
                        "consents",
                        (member, row) ->
                                consents.history(member).forEach(decision -> row.accept(Json.write(decision)))),
                new Export.Section("daily_records", (member, row) -> days(daily, member, row)),
                new Export.Section("sahha", sahha::export),
                new Export.Section("whoop", (member, row) -> whoopPages(whoop, member, row)));
    }

    private static void days(DailyRecords daily, UUID member, Consumer<byte[]> row) {
        LocalDate last = daily.today(member).plusDays(2);
        LocalDate from = FIRST;
        while (from != null) {
            DayPage page = daily.range(member, from, last, PAGE);
            for (JsonNode day : Json.tree(page.json()).path("days")) {
                row.accept(Json.write(day));
            }
            from = page.next();
        }
    }

    private static void whoopPages(WhoopService whoop, UUID member, Consumer<byte[]> row) {
        @Nullable String cursor = null;
        do {
            JsonNode page = Json.tree(whoop.export(member, cursor));
            for (JsonNode record : page.path("records")) {
                row.accept(Json.write(record));
            }
            JsonNode next = page.path("next");
            cursor = next.isTextual() && !next.asText().equals(cursor) ? next.asText() : null;
        } while (cursor != null);
    }
}
