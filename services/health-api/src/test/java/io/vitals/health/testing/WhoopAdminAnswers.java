package io.vitals.health.testing;

import io.vitals.health.whoop.WhoopAdmin;
import io.vitals.kit.audit.ChainOverview;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What {@link WhoopServer} tells admins: one of everything. */
final class WhoopAdminAnswers {
    private static final Instant TIME = Instant.parse("2026-11-20T10:00:00Z");

    private static final Map<String, Long> DAY =
            Map.of("present", 1L, "pending", 0L, "empty", 0L, "missing", 0L, "failed", 0L);

    private WhoopAdminAnswers() {}

    /** The document at a path below {@code admin/}. */
    static Object of(String path) {
        return switch (path) {
            case "links/counts" -> Map.of("states", Map.of("active", 1));
            case "links" ->
                new WhoopAdmin.Links(
                        List.of(new WhoopAdmin.Link(new UUID(1, 2), "active", null, TIME, TIME, TIME)), null);
            case "coverage" ->
                new WhoopAdmin.Census(
                        1,
                        1,
                        List.of(new WhoopAdmin.Day(
                                LocalDate.of(2026, 11, 20),
                                Map.of("sleep", DAY, "cycle", DAY, "recovery", DAY, "workout", DAY))));
            case "quota" ->
                new WhoopAdmin.Quota(
                        new WhoopAdmin.Window(100, 1, 0),
                        new WhoopAdmin.Window(10_000, 10, 0),
                        List.of(new WhoopAdmin.Lane("webhook", 95, 9500, 10)),
                        null,
                        1,
                        9.5,
                        1000);
            case "audit" -> new ChainOverview("sound", 64, 1, 10, TIME, 10L, 0, true, TIME, 5L);
            default -> throw new IllegalStateException("no such route: admin/" + path);
        };
    }

    /** Events that were given up. */
    static WhoopAdmin.DeadLetters deadLetters() {
        return new WhoopAdmin.DeadLetters(
                List.of(new WhoopAdmin.DeadLetter("trace-1", "sleep.updated", "unreadable", 8, TIME)), null);
    }
}
