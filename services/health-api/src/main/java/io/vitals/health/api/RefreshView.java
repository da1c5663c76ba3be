package io.vitals.health.api;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.health.daily.DayDocument;
import io.vitals.health.daily.Refresh;
import io.vitals.kit.json.Json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;

/** The answer to a refresh: how it went, and the day as its document is stored. */
final class RefreshView {
    private RefreshView() {}

    @JsonNaming(SnakeCaseStrategy.class)
    private record Head(LocalDate date, boolean stale, boolean partial, List<Asked> sources, Stats processingStats) {}

    private record Asked(String source, String outcome) {}

    @JsonNaming(SnakeCaseStrategy.class)
    private record Stats(long durationMs) {}

    static byte[] write(Refresh.Report report) {
        byte[] head = Json.write(new Head(
                report.date(),
                report.stale(),
                report.partial(),
                List.of(
                        new Asked("sahha", report.sahha().wire()),
                        new Asked("whoop", report.whoop().wire())),
                new Stats(report.took().toMillis())));
        byte[] day = report.day().map(DayDocument::json).orElseGet(() -> "null".getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream all = new ByteArrayOutputStream(head.length + day.length + 10);
        all.write(head, 0, head.length - 1);
        all.writeBytes(",\"day\":".getBytes(StandardCharsets.UTF_8));
        all.writeBytes(day);
        all.write('}');
        return all.toByteArray();
    }
}
