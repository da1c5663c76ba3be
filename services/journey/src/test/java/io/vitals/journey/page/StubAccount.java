package io.vitals.journey.page;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What belongs to the synthetic member apart from days: keys, sessions, log entries, a copy, an end. */
final class StubAccount {
    static final String CERTIFICATE = "00000000-0000-4000-8000-0000000000ce";
    static final String OTHER_BROWSER = "b2";
    private static final String PREFIX = "/api/v1";
    private static final int PAGE = 50;

    private final StubMember member;
    private final Instant now = Instant.now();
    private final List<Map<String, @Nullable Object>> keys = new CopyOnWriteArrayList<>();
    private final List<String> browsers = new CopyOnWriteArrayList<>(List.of("b1", OTHER_BROWSER));
    private final AtomicInteger values = new AtomicInteger();
    private volatile int looks = 3;
    private volatile boolean erasureRuns;
    private volatile String sahha = "refreshed";
    private volatile String whoop = "refreshed";

    StubAccount(StubMember member) {
        this.member = member;
    }

    /** A status and a document, or bytes of a file. */
    record Reply(int status, @Nullable Object body) {}

    /** The value of the n-th key or renewal, from 1. */
    static String value(int number) {
        return "vitals_" + "k%048d".formatted(number);
    }

    void key(String name) {
        issue(name, List.of("days:read"), 90);
    }

    int keyCount() {
        return keys.size();
    }

    /** As many entries of the log, each of another day. */
    void looks(int count) {
        looks = count;
    }

    void erasureRuns(boolean runs) {
        erasureRuns = runs;
    }

    /** How the sources do when they are asked for news. */
    void refreshing(String sahhaOutcome, String whoopOutcome) {
        sahha = sahhaOutcome;
        whoop = whoopOutcome;
    }

    /** Empty when it is no path of the account. */
    Optional<Reply> answer(String method, String path, String query, JsonNode body) {
        String call = method + " " + path.substring(PREFIX.length());
        return Optional.ofNullable(
                switch (call) {
                    case "GET /me/sessions" -> new Reply(200, sessions());
                    case "GET /api-keys" -> new Reply(200, page("keys", keys, null));
                    case "POST /api-keys" -> new Reply(201, made(body));
                    case "GET /users/me/accesses" -> new Reply(200, accesses(query));
                    case "POST /users/me/refresh" -> new Reply(200, refreshed());
                    case "DELETE /users/me" -> erased();
                    case "GET /erasures/" + CERTIFICATE -> new Reply(200, certificate());
                    case "GET /users/me/export" ->
                        new Reply(
                                200,
                                query.contains("csv")
                                        ? new byte[] {'P', 'K'}
                                        : Map.of("member", "m", "incomplete", List.of()));
                    default -> withId(call);
                });
    }

    private @Nullable Reply withId(String call) {
        String[] parts = call.split("/", -1);
        if (call.startsWith("DELETE /me/sessions/")) {
            return new Reply(browsers.remove(parts[3]) ? 204 : 404, null);
        }
        if (call.startsWith("DELETE /api-keys/")) {
            return new Reply(keys.removeIf(key -> parts[2].equals(key.get("id"))) ? 204 : 404, null);
        }
        if (call.startsWith("POST /api-keys/") && call.endsWith("/rotate")) {
            return keys.stream()
                    .filter(key -> parts[2].equals(key.get("id")))
                    .findFirst()
                    .map(key -> {
                        key.put("previous_until", now.plus(Duration.ofHours(24)).toString());
                        return new Reply(200, Map.of("value", value(values.incrementAndGet()), "key", key));
                    })
                    .orElse(new Reply(404, null));
        }
        if (call.startsWith("GET /users/me/days/") && call.endsWith("/explain")) {
            return explained(parts[4]);
        }
        return null;
    }

    private Map<String, Object> made(JsonNode wanted) {
        List<String> scopes = new ArrayList<>();
        wanted.get("scopes").forEach(scope -> scopes.add(scope.textValue()));
        return issue(
                wanted.get("name").textValue(),
                scopes,
                wanted.get("expires_in_days").intValue());
    }

    private Map<String, Object> issue(String name, List<String> scopes, int days) {
        String value = value(values.incrementAndGet());
        Map<String, @Nullable Object> key = new LinkedHashMap<>();
        key.put("id", "00000000-0000-4000-8000-00000000000" + values.get());
        key.put("member", "00000000-0000-4000-8000-000000000001");
        key.put("name", name);
        key.put("hint", value.substring(0, 12));
        key.put("scopes", scopes);
        key.put("created_at", now.toString());
        key.put("expires_at", now.plus(Duration.ofDays(days)).toString());
        key.put("last_used_at", null);
        key.put("previous_until", null);
        keys.add(key);
        return Map.of("value", value, "key", key);
    }

    private Map<String, Object> sessions() {
        return Map.of(
                "sessions",
                browsers.stream()
                        .map(id -> Map.of(
                                "id", id,
                                "browser", id.equals("b1") ? "Chrome on Linux" : "Safari on iOS",
                                "created_at", now.minus(Duration.ofHours(2)).toString(),
                                "last_seen_at", now.minus(Duration.ofMinutes(4)).toString(),
                                "expires_at", now.plus(Duration.ofHours(10)).toString(),
                                "current", id.equals("b1")))
                        .toList());
    }

    private Map<String, @Nullable Object> accesses(String query) {
        int from = query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=(\\d+).*", "$1")) : 0;
        int to = Math.min(looks, from + PAGE);
        List<Map<String, @Nullable Object>> entries = new ArrayList<>();
        for (int n = from; n < to; n++) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("id", String.valueOf(1000 - n));
            entry.put("at", now.minus(Duration.ofMinutes(n)).toString());
            entry.put("action", "day.read");
            entry.put("actor", "member");
            entry.put("actor_id", "00000000-0000-4000-8000-000000000001");
            entry.put("member", "00000000-0000-4000-8000-000000000001");
            entry.put("purpose", "own_access");
            entry.put("object", member.day(n).toString());
            entry.put("outcome", "success");
            entry.put("reason", null);
            entries.add(entry);
        }
        return page("entries", entries, to < looks ? String.valueOf(to) : null);
    }

    private static Map<String, @Nullable Object> page(String name, Object rows, @Nullable String cursor) {
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put(name, rows);
        page.put("next_cursor", cursor);
        return page;
    }

    private Map<String, Object> refreshed() {
        boolean bad = !sahha.equals("refreshed") || !whoop.equals("refreshed");
        boolean none = !sahha.equals("refreshed") && !whoop.equals("refreshed");
        return Map.of(
                "date",
                member.day(0).toString(),
                "stale",
                none,
                "partial",
                bad,
                "sources",
                List.of(Map.of("source", "sahha", "outcome", sahha), Map.of("source", "whoop", "outcome", whoop)),
                "processing_stats",
                Map.of("duration_ms", 12),
                "day",
                member.today());
    }

    private Reply explained(String date) {
        if (date.equals(member.day(StubMember.NO_RECORD).toString())) {
            return new Reply(404, null);
        }
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("value", 54);
        choice.put("unit", "percent");
        choice.put("winner", "whoop");
        choice.put("reason", null);
        choice.put("rule", "WHOOP's value if it has one, else Sahha's.");
        choice.put("decision", "WHOOP alone has a value.");
        Map<String, @Nullable Object> absent = new LinkedHashMap<>();
        absent.put("source", "sahha");
        absent.put("connected", true);
        absent.put("chosen", false);
        absent.put("value", null);
        absent.put("reason", "no_record");
        choice.put(
                "candidates",
                List.of(
                        Map.of(
                                "source",
                                "whoop",
                                "connected",
                                true,
                                "chosen",
                                true,
                                "value",
                                54,
                                "observed_at",
                                date + "T06:42:00Z",
                                "fetched_at",
                                date + "T06:45:12Z",
                                "flags",
                                List.of("calibrating")),
                        absent));
        Map<String, @Nullable Object> part = new LinkedHashMap<>();
        part.put("metrics", List.of("mental_wellbeing_score"));
        part.put("chosen", null);
        part.put("value", null);
        part.put("full_weight", 0.1);
        part.put("weight", 0);
        Map<String, @Nullable Object> night = new LinkedHashMap<>();
        night.put("rule", "The longest scored one is the primary one.");
        night.put("primary", null);
        night.put("others", List.of());
        night.put("naps", List.of("n1", "n2"));
        return new Reply(
                200,
                Map.of(
                        "date",
                        date,
                        "version",
                        1,
                        "metrics",
                        Map.of("recovery_score", choice),
                        "overall_score",
                        Map.of(
                                "value",
                                71,
                                "rule",
                                "The weighted mean of the parts that are there.",
                                "decision",
                                "1 of 2 parts are there and share the whole weight.",
                                "parts",
                                List.of(
                                        Map.of(
                                                "metrics",
                                                List.of("effective_readiness"),
                                                "chosen",
                                                "effective_readiness",
                                                "value",
                                                71,
                                                "full_weight",
                                                0.4,
                                                "weight",
                                                1),
                                        part)),
                        "sleep",
                        night,
                        "workouts",
                        Map.of(
                                "rule",
                                "WHOOP's workouts, and the phone's other sessions.",
                                "listed",
                                List.of("w1", "p1"),
                                "dropped",
                                List.of(Map.of("id", "s1", "source", "sahha", "covered_share", 0.8)))));
    }

    private Reply erased() {
        member.signedIn(false);
        return new Reply(erasureRuns ? 202 : 200, certificate());
    }

    private Map<String, @Nullable Object> certificate() {
        Map<String, @Nullable Object> certificate = new LinkedHashMap<>();
        certificate.put("erasure", CERTIFICATE);
        certificate.put("member", "00000000-0000-4000-8000-000000000001");
        certificate.put("state", erasureRuns ? "running" : "completed");
        certificate.put("requested_at", now.toString());
        certificate.put("completed_at", erasureRuns ? null : now.toString());
        certificate.put("removed", Map.of("health_api.daily_record", 30, "whoop_service.cycle", 31));
        certificate.put("key", erasureRuns ? null : "audit-1");
        certificate.put("signature", erasureRuns ? null : "c2lnbmF0dXJl");
        return certificate;
    }
}
