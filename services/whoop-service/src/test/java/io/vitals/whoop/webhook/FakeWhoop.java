package io.vitals.whoop.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.json.Json;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** WHOOP's read API over records that a test sets at will, versions included; fast, and in step with the test. */
final class FakeWhoop implements AutoCloseable {
    /** The token of an account is its number. */
    private final Map<Long, Map<String, ObjectNode>> accounts = new ConcurrentHashMap<>();

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicReference<Consumer<String>> duringCall = new AtomicReference<>(path -> {});
    private final AtomicReference<Integer> status = new AtomicReference<>(200);
    private final Instant base = Instant.now().minus(20, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
    private final WebServer server;

    FakeWhoop() {
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .routing(routing -> routing.get("/*", this::answer))
                .build()
                .start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Runs after WHOOP has looked the answer up, and before it is sent. */
    void duringCall(Consumer<String> action) {
        duringCall.set(action);
    }

    /** All further calls are answered with this status; 200 means honestly. */
    void answerWith(int code) {
        status.set(code);
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    void forgetCalls() {
        calls.clear();
    }

    Instant time(long version) {
        return base.plusSeconds(version);
    }

    void putSleep(long user, UUID id, long cycle, long version) {
        ObjectNode sleep = dated(version);
        sleep.put("id", id.toString())
                .put("cycle_id", cycle)
                .put("user_id", user)
                .put("nap", false);
        sleep.putObject("score").put("sleep_performance_percentage", version % 100);
        put(user, "/v2/activity/sleep/" + id, sleep);
    }

    void putRecovery(long user, UUID sleep, long cycle, long version) {
        ObjectNode recovery = dated(version);
        recovery.put("sleep_id", sleep.toString()).put("cycle_id", cycle).put("user_id", user);
        recovery.putObject("score").put("recovery_score", version % 100);
        put(user, "/v2/cycle/" + cycle + "/recovery", recovery);
    }

    void putWorkout(long user, UUID id, long version) {
        ObjectNode workout = dated(version);
        workout.put("id", id.toString()).put("user_id", user).put("sport_name", "running");
        workout.putObject("score").put("strain", version % 21);
        put(user, "/v2/activity/workout/" + id, workout);
    }

    private ObjectNode dated(long version) {
        return Json.mapper()
                .createObjectNode()
                .put("created_at", time(0).toString())
                .put("updated_at", time(version).toString())
                .put("start", time(-3600).toString())
                .put("end", time(-60).toString())
                .put("timezone_offset", "Z")
                .put("score_state", "SCORED");
    }

    private void put(long user, String path, ObjectNode record) {
        account(user).put(path, record);
    }

    void delete(long user, String path) {
        account(user).remove(path);
    }

    boolean has(long user, String path) {
        return account(user).containsKey(path);
    }

    /** Every dated record of an account. */
    Collection<ObjectNode> records(long user) {
        return account(user).values();
    }

    private Map<String, ObjectNode> account(long user) {
        return accounts.computeIfAbsent(user, u -> new ConcurrentHashMap<>());
    }

    private void answer(ServerRequest request, ServerResponse response) {
        String path = request.path().path();
        long user = Long.parseLong(request.headers()
                .get(io.helidon.http.HeaderNames.AUTHORIZATION)
                .get()
                .substring("Bearer ".length()));
        calls.add(path);
        JsonNode found = found(user, path);
        duringCall.get().accept(path);
        int code = status.get();
        if (code != 200) {
            response.status(code).send();
        } else if (found.isMissingNode()) {
            response.status(404).send();
        } else {
            response.header("Content-Type", "application/json");
            response.send(Json.write(found));
        }
    }

    private JsonNode found(long user, String path) {
        return switch (path) {
            case "/v2/activity/sleep", "/v2/activity/workout", "/v2/cycle" -> page(user, path + "/", "");
            case "/v2/recovery" -> page(user, "/v2/cycle/", "/recovery");
            default -> {
                ObjectNode record = account(user).get(path);
                yield record == null ? MissingNode.getInstance() : record.deepCopy();
            }
        };
    }

    private ObjectNode page(long user, String start, String end) {
        ObjectNode page = Json.mapper().createObjectNode();
        ArrayNode records = page.putArray("records");
        account(user).forEach((path, record) -> {
            boolean nested = path.endsWith("/recovery");
            if (path.startsWith(start) && path.endsWith(end) && nested == !end.isEmpty()) {
                records.add(record.deepCopy());
            }
        });
        page.putNull("next_token");
        return page;
    }

    @Override
    public void close() {
        server.stop();
    }
}
