package io.vitals.whoop.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
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
public final class FakeWhoop implements AutoCloseable {
    /** The token of an account is its number. */
    private final Map<Long, Map<String, ObjectNode>> accounts = new ConcurrentHashMap<>();

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicReference<Consumer<String>> duringCall = new AtomicReference<>(path -> {});
    private final AtomicReference<Integer> status = new AtomicReference<>(200);
    private final Map<String, Integer> statusOf = new ConcurrentHashMap<>();
    private final Instant base = Instant.now().minus(20, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS);
    private final WebServer server;

    public FakeWhoop() {
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .routing(routing -> routing.get("/*", this::answer))
                .build()
                .start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** Runs after WHOOP has looked the answer up, and before it is sent. */
    public void duringCall(Consumer<String> action) {
        duringCall.set(action);
    }

    /** All further calls are answered with this status, single paths included; 200 means honestly. */
    public void answerWith(int code) {
        statusOf.clear();
        status.set(code);
    }

    /** This path alone is answered with this status. */
    public void answerWith(String path, int code) {
        statusOf.put(path, code);
    }

    public List<String> calls() {
        return List.copyOf(calls);
    }

    public void forgetCalls() {
        calls.clear();
    }

    public Instant time(long version) {
        return base.plusSeconds(version);
    }

    public void putSleep(long user, UUID id, long cycle, long version) {
        ObjectNode sleep = dated(version);
        sleep.put("id", id.toString())
                .put("cycle_id", cycle)
                .put("user_id", user)
                .put("nap", false);
        sleep.putObject("score").put("sleep_performance_percentage", version % 100);
        put(user, "/v2/activity/sleep/" + id, sleep);
    }

    public void putRecovery(long user, UUID sleep, long cycle, long version) {
        ObjectNode recovery = dated(version);
        recovery.put("sleep_id", sleep.toString()).put("cycle_id", cycle).put("user_id", user);
        recovery.putObject("score").put("recovery_score", version % 100);
        put(user, "/v2/cycle/" + cycle + "/recovery", recovery);
    }

    public void putWorkout(long user, UUID id, long version) {
        put(user, "/v2/activity/workout/" + id, workout(user, id, version));
    }

    /** A workout that began so many days before the others. */
    public void putWorkout(long user, UUID id, long version, int daysAgo) {
        ObjectNode workout = workout(user, id, version)
                .put("start", time(-3600).minus(daysAgo, ChronoUnit.DAYS).toString())
                .put("end", time(-60).minus(daysAgo, ChronoUnit.DAYS).toString());
        put(user, "/v2/activity/workout/" + id, workout);
    }

    private ObjectNode workout(long user, UUID id, long version) {
        ObjectNode workout = dated(version);
        workout.put("id", id.toString()).put("user_id", user).put("sport_name", "running");
        workout.putObject("score").put("strain", version % 21);
        return workout;
    }

    /** The account has no records any more, under whatever name they are asked for. */
    public void deleteAll(long user) {
        account(user).clear();
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

    public void delete(long user, String path) {
        account(user).remove(path);
    }

    public boolean has(long user, String path) {
        return account(user).containsKey(path);
    }

    /** Every dated record of an account. */
    public Collection<ObjectNode> records(long user) {
        return account(user).values();
    }

    private Map<String, ObjectNode> account(long user) {
        return accounts.computeIfAbsent(user, u -> new ConcurrentHashMap<>());
    }

    private void answer(ServerRequest request, ServerResponse response) {
        String path = request.path().path();
        long user = Long.parseLong(
                request.headers().get(HeaderNames.AUTHORIZATION).get().substring("Bearer ".length()));
        calls.add(path);
        JsonNode found = found(user, path);
        duringCall.get().accept(path);
        int code = statusOf.getOrDefault(path, status.get());
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
            case "/v2/user/profile/basic" ->
                Json.mapper()
                        .createObjectNode()
                        .put("user_id", user)
                        .put("email", "member@example.org")
                        .put("first_name", "Ada")
                        .put("last_name", "Test");
            case "/v2/user/measurement/body" ->
                Json.mapper()
                        .createObjectNode()
                        .put("height_meter", 1.8)
                        .put("weight_kilogram", 75.5)
                        .put("max_heart_rate", 190);
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
