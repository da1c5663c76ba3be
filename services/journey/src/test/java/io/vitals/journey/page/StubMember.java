package io.vitals.journey.page;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A synthetic member whose thirty days hold every case the page must show: a day without any record, a day that could
 * not be scored, a value of zero, a metric the strap does not measure, a running day.
 */
final class StubMember {
    static final int NO_RECORD = 11;
    static final int UNSCORABLE = 5;
    static final int ZERO_STRAIN = 9;

    private final LocalDate today;
    private volatile boolean signedIn = true;
    private volatile String role = "member";
    private volatile boolean consented = true;
    private volatile String linkState = "active";
    private volatile @Nullable String linkReason;
    private volatile int daysDone = 30;
    private volatile double recovery = 54;
    private final AtomicLong version = new AtomicLong(100);
    private volatile String faultPrefix = "";
    private volatile int faultStatus;

    StubMember(ZoneId zone) {
        today = LocalDate.now(zone);
    }

    LocalDate day(int daysAgo) {
        return today.minusDays(daysAgo);
    }

    void signedIn(boolean value) {
        signedIn = value;
    }

    boolean signedIn() {
        return signedIn;
    }

    void role(String value) {
        role = value;
    }

    void consented(boolean value) {
        consented = value;
    }

    void linkState(String value) {
        linkState = value;
    }

    void linkReason(String value) {
        linkReason = value;
    }

    /** A number below 30 means that the first reading still runs. */
    void daysDone(int value) {
        daysDone = value;
    }

    /** A new score of today, with a new version of the day; returns the version. */
    long recovery(double value) {
        recovery = value;
        return version.incrementAndGet();
    }

    /** From now on every path, or method and path, under the prefix answers with the status; 0 ends it. */
    void fault(String prefix, int status) {
        faultPrefix = prefix;
        faultStatus = status;
    }

    int fault(String method, String path) {
        return path.startsWith(faultPrefix) || (method + " " + path).startsWith(faultPrefix) ? faultStatus : 0;
    }

    Map<String, Object> me() {
        return Map.of(
                "member", "00000000-0000-4000-8000-000000000001",
                "name", "Mira",
                "roles", List.of(role),
                "links", Map.of("whoop", linkState),
                "consents",
                        Map.of(
                                "health_data",
                                consented
                                        ? Map.of("granted", true, "version", "2026-11", "at", day(3) + "T09:00:00Z")
                                        : Map.of("granted", false)));
    }

    Map<String, @Nullable Object> link() {
        List<Map<String, Object>> coverage = new ArrayList<>();
        for (int ago = 0; ago < 30; ago++) {
            String state = ago < daysDone ? "present" : "pending";
            coverage.add(Map.of(
                    "date", day(ago).toString(), "cycle", state, "recovery", state, "sleep", state, "workout", state));
        }
        Map<String, @Nullable Object> link = new LinkedHashMap<>();
        link.put("state", linkState);
        link.put("reason", linkReason);
        link.put("since", day(3) + "T09:00:00Z");
        link.put("last_webhook_at", day(0) + "T06:42:00Z");
        link.put("last_sync_at", day(0) + "T06:45:00Z");
        link.put(
                "sync",
                Map.of("state", daysDone < 30 ? "backfilling" : "current", "days_total", 30, "days_done", daysDone));
        link.put("days", coverage);
        return link;
    }

    Map<String, Object> sources() {
        return Map.of("sources", List.of(source("whoop", linkState.equals("active")), source("sahha", consented)));
    }

    Map<String, Object> days() {
        List<Map<String, Object>> days = new ArrayList<>();
        boolean linked = !linkState.equals("none");
        for (int ago = 29; ago >= 0; ago--) {
            if (linked && ago != NO_RECORD && ago < daysDone) {
                days.add(record(ago));
            }
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("days", days);
        page.put("next_cursor", null);
        return page;
    }

    Map<String, Object> today() {
        return record(0);
    }

    private Map<String, Object> record(int ago) {
        LocalDate date = day(ago);
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put(
                "recovery_score",
                ago == UNSCORABLE
                        ? absent("unscorable")
                        : value(date, ago == 0 ? recovery : 20 + 2.5 * ago, "percent", "whoop"));
        metrics.put("hrv_rmssd", value(date, 60 + ago % 7, "ms", "whoop"));
        metrics.put("resting_hr", value(date, 52 + ago % 5, "bpm", "whoop"));
        metrics.put("spo2", absent("not_measured"));
        metrics.put("strain", value(date, ago == ZERO_STRAIN ? 0 : 8 + ago % 6, "strain", "whoop"));
        metrics.put("sleep_score", value(date, 88, "percent", "whoop"));
        metrics.put("sleep_asleep", value(date, 430, "minute", "whoop"));
        metrics.put("sleep_deep", value(date, 90, "minute", "whoop"));
        metrics.put("sleep_rem", value(date, 110, "minute", "whoop"));
        metrics.put("sleep_light", value(date, 230, "minute", "whoop"));
        metrics.put("sleep_awake", value(date, 35, "minute", "whoop"));
        metrics.put("steps", value(date, 7014, "count", "sahha"));
        Map<String, Object> sleep = new LinkedHashMap<>();
        sleep.put(
                "primary",
                Map.of(
                        "id",
                        "s" + ago,
                        "start",
                        date.minusDays(1) + "T22:48:00Z",
                        "end",
                        date + "T06:33:00Z",
                        "timezone_offset",
                        "+01:00",
                        "asleep_minutes",
                        430,
                        "in_bed_minutes",
                        465,
                        "awake_minutes",
                        35,
                        "light_minutes",
                        230));
        sleep.put("naps", List.of());
        sleep.put("others", List.of());
        Map<String, Object> day = new LinkedHashMap<>();
        day.put("date", date.toString());
        day.put("version", ago == 0 ? version.get() : 1);
        day.put("is_final", ago > 0);
        day.put("completeness", 0.8);
        day.put("overall_score", Map.of("value", 71));
        day.put("metrics", metrics);
        day.put("sleep", sleep);
        day.put(
                "workouts",
                List.of(
                        Map.of(
                                "id",
                                "w" + ago,
                                "sport",
                                "functional-fitness",
                                "start",
                                date + "T16:05:00Z",
                                "end",
                                date + "T16:58:00Z",
                                "timezone_offset",
                                "+01:00",
                                "strain",
                                11.4,
                                "energy_kcal",
                                488,
                                "source",
                                "whoop"),
                        Map.of(
                                "id",
                                "p" + ago,
                                "sport",
                                "nordic_walking",
                                "start",
                                date + "T18:10:00Z",
                                "end",
                                date + "T18:52:00Z",
                                "timezone_offset",
                                "+01:00",
                                "source",
                                "sahha")));
        day.put("sources", List.of(present("whoop", date), present("sahha", date)));
        day.put("missing", List.of("spo2"));
        day.put("updated_at", date + "T06:45:12Z");
        return day;
    }

    private static Map<String, Object> present(String source, LocalDate date) {
        return Map.of("source", source, "present", true, "stale", false, "last_data_at", date + "T06:45:12Z");
    }

    private Map<String, Object> source(String name, boolean connected) {
        return Map.of(
                "source",
                name,
                "connected",
                connected,
                "stale",
                false,
                "last_data_at",
                day(0) + "T06:45:00Z",
                "missing",
                List.of());
    }

    private static Map<String, Object> value(LocalDate date, double value, String unit, String source) {
        return Map.of(
                "value",
                value,
                "unit",
                unit,
                "source",
                source,
                "observed_at",
                date + "T06:42:00Z",
                "fetched_at",
                date + "T06:45:12Z",
                "record_id",
                "r",
                "state",
                "SCORED",
                "flags",
                List.of());
    }

    private static Map<String, @Nullable Object> absent(String reason) {
        Map<String, @Nullable Object> metric = new LinkedHashMap<>();
        metric.put("value", null);
        metric.put("reason", reason);
        return metric;
    }
}
