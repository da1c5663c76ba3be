package io.vitals.health.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundException;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@link WhoopService} over signed HTTP. The feed has a client of its own because its calls wait on purpose. */
public final class HttpWhoopService implements WhoopService, WhoopPrivacy {
    private static final String JSON = "application/json";
    private static final String BASE = "/internal/v1";
    private static final Pattern TABLE = Pattern.compile("[a-z][a-z0-9_]{0,62}");
    private static final int MOST_ATTEMPTS = 4;
    /** With those after it about as long as a balancer takes to learn that a replica died. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final OutboundClient calls;
    private final OutboundClient feed;

    /**
     * A client of whoop-service's replicas, of which each can answer every call, also one that was made before.
     *
     * @param name short name for metrics, spans and errors
     */
    public static OutboundClient.Builder client(String name, URI internalUrl) {
        return OutboundClient.builder(name, internalUrl).attempts(MOST_ATTEMPTS, FIRST_PAUSE);
    }

    /**
     * Takes the clients, made by {@link #client}; who made them closes them.
     *
     * @param feed a client whose deadline exceeds the longest wait of {@link #changes}
     */
    public HttpWhoopService(OutboundClient calls, OutboundClient feed) {
        this.calls = calls;
        this.feed = feed;
    }

    private record Days(List<WhoopDay> days) {}

    private record Coverage(List<WhoopCoverage> days) {}

    @Override
    public WhoopLink link(UUID member) {
        return read(calls, OutboundRequest.get("link", links(member)), WhoopLink.class);
    }

    @Override
    public LinkStart startLink(UUID member, String sessionBinding) {
        byte[] body = Json.write(java.util.Map.of("session_binding", sessionBinding));
        return read(calls, OutboundRequest.post("link-start", links(member)).body(body, JSON), LinkStart.class);
    }

    @Override
    public LinkOutcome finishLink(UUID member, LinkCallback callback) {
        OutboundRequest request = OutboundRequest.post("link-callback", links(member) + "/callback")
                .body(Json.write(callback), JSON);
        OutboundResponse response = send(calls, request);
        LinkOutcome outcome = outcomeOf(response);
        // A callback works once: if its answer was lost, the second one is told so although the first has connected.
        boolean connectedBefore = outcome == LinkOutcome.INVALID
                && response.attempts() > 1
                && link(member).state().connected();
        return connectedBefore ? LinkOutcome.CONNECTED : outcome;
    }

    private static LinkOutcome outcomeOf(OutboundResponse response) {
        if (response.successful()) {
            return LinkOutcome.CONNECTED;
        }
        return switch (problemOf(response)) {
            case "link-state-invalid" -> LinkOutcome.INVALID;
            case "link-denied" -> LinkOutcome.DENIED;
            case "link-exchange-failed" -> LinkOutcome.FAILED;
            case "whoop-account-linked-elsewhere" -> LinkOutcome.ELSEWHERE;
            default -> throw unexpected(response);
        };
    }

    @Override
    public WhoopLink disconnect(UUID member) {
        return read(calls, OutboundRequest.delete("link-delete", links(member)), WhoopLink.class);
    }

    @Override
    public WhoopSync sync(UUID member, Duration wait) {
        // Not 0, which would be a request to be answered at once and without a word of how it went.
        String millis = Long.toString(Math.max(1, wait.toMillis()));
        OutboundResponse response = send(
                calls, OutboundRequest.post("sync", BASE + "/sync/" + member).query("wait", millis));
        return response.status() == 404
                ? new WhoopSync(WhoopSync.State.UNLINKED, null)
                : parse(response, WhoopSync.class);
    }

    @Override
    public List<WhoopDay> days(UUID member, LocalDate from, LocalDate to) {
        return read(calls, range("days", member, from, to), Days.class).days();
    }

    @Override
    public List<WhoopCoverage> coverage(UUID member, LocalDate from, LocalDate to) {
        return read(calls, range("coverage", member, from, to), Coverage.class).days();
    }

    @Override
    public WhoopChanges changes(@Nullable String after, Duration wait, int limit) {
        OutboundRequest request = OutboundRequest.get("changes", BASE + "/changes")
                .query("wait", Long.toString(wait.toSeconds()))
                .query("limit", Integer.toString(limit));
        return read(feed, after == null ? request : request.query("after", after), WhoopChanges.class);
    }

    @Override
    public Erased erase(UUID member, UUID receipt) {
        OutboundRequest request = OutboundRequest.delete("member-erase", BASE + "/members/" + member);
        return read(calls, request.query("receipt", receipt.toString()), Erased.class);
    }

    private record Tables(List<String> tables) {}

    @Override
    public List<String> tables(UUID member) {
        return read(calls, OutboundRequest.get("member-tables", BASE + "/members/" + member + "/tables"), Tables.class)
                .tables();
    }

    @Override
    public byte[] rows(UUID member, String table, @Nullable String after) {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException("no name of a table");
        }
        OutboundRequest request = OutboundRequest.get("member-rows", BASE + "/members/" + member + "/tables/" + table);
        OutboundResponse response = send(calls, after == null ? request : request.query("after", after));
        if (!response.successful()) {
            throw unexpected(response);
        }
        return response.body();
    }

    private static String links(UUID member) {
        return BASE + "/links/" + member;
    }

    private static OutboundRequest range(String what, UUID member, LocalDate from, LocalDate to) {
        return OutboundRequest.get(what, BASE + "/" + what + "/" + member)
                .query("from", from.toString())
                .query("to", to.toString());
    }

    static <T> T read(OutboundClient client, OutboundRequest request, Class<T> type) {
        return parse(send(client, request), type);
    }

    private static <T> T parse(OutboundResponse response, Class<T> type) {
        if (!response.successful()) {
            throw unexpected(response);
        }
        try {
            return Json.read(response.body(), type);
        } catch (MalformedJsonException e) {
            throw new WhoopUnavailableException("answered something else than agreed", e);
        }
    }

    private static OutboundResponse send(OutboundClient client, OutboundRequest request) {
        try {
            return client.send(request);
        } catch (OutboundException e) {
            boolean late = e.kind() == OutboundException.Kind.TIMEOUT;
            throw new WhoopUnavailableException("not reached: " + e.kind(), e, late);
        }
    }

    private static WhoopUnavailableException unexpected(OutboundResponse response) {
        return new WhoopUnavailableException("answered " + response.status(), null);
    }

    /** The last part of the problem's type; empty when the answer is no problem of ours. */
    private static String problemOf(OutboundResponse response) {
        try {
            JsonNode body = Json.tree(response.body());
            String type = body.path("type").asText("");
            return type.substring(type.lastIndexOf(':') + 1);
        } catch (MalformedJsonException e) {
            return "";
        }
    }
}
