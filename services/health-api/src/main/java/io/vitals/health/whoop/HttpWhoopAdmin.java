package io.vitals.health.whoop;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.vitals.kit.audit.ChainOverview;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundRequest;
import org.jspecify.annotations.Nullable;

import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** {@link WhoopAdmin} over signed HTTP. */
public final class HttpWhoopAdmin implements WhoopAdmin {
    private static final String INTERNAL = "/internal/v1";
    private static final String BASE = INTERNAL + "/admin";

    private final OutboundClient calls;

    /** Takes the client; who made it closes it. */
    public HttpWhoopAdmin(OutboundClient calls) {
        this.calls = calls;
    }

    private record Counts(Map<String, Long> states) {}

    @JsonNaming(SnakeCaseStrategy.class)
    private record ReplayBody(
            @Nullable String traceId,
            @Nullable String from,
            @Nullable String to,
            boolean dryRun,
            String operator) {}

    private record Replayed(long events) {}

    @Override
    public Map<String, Long> linkCounts() {
        return HttpWhoopService.read(calls, OutboundRequest.get("admin-counts", BASE + "/links/counts"), Counts.class)
                .states();
    }

    @Override
    public Links links(String state, @Nullable UUID after, int limit) {
        OutboundRequest request = OutboundRequest.get("admin-links", BASE + "/links")
                .query("state", state)
                .query("limit", Integer.toString(limit));
        return HttpWhoopService.read(
                calls, after == null ? request : request.query("cursor", after.toString()), Links.class);
    }

    @Override
    public Census census(LocalDate from, LocalDate to) {
        OutboundRequest request = OutboundRequest.get("admin-coverage", BASE + "/coverage")
                .query("from", from.toString())
                .query("to", to.toString());
        return HttpWhoopService.read(calls, request, Census.class);
    }

    @Override
    public Quota quota() {
        return HttpWhoopService.read(calls, OutboundRequest.get("admin-quota", BASE + "/quota"), Quota.class);
    }

    @Override
    public ChainOverview audit() {
        return HttpWhoopService.read(calls, OutboundRequest.get("admin-audit", BASE + "/audit"), ChainOverview.class);
    }

    @Override
    public DeadLetters deadLetters(@Nullable Long after, int limit) {
        // Those given up are what the list shows if nothing else is asked for.
        OutboundRequest request =
                OutboundRequest.get("dead-letters", INTERNAL + "/webhooks").query("limit", Integer.toString(limit));
        return HttpWhoopService.read(
                calls, after == null ? request : request.query("after", after.toString()), DeadLetters.class);
    }

    @Override
    public long replay(Replay replay) {
        ReplayBody body = new ReplayBody(
                replay.traceId(),
                Objects.toString(replay.from(), null),
                Objects.toString(replay.to(), null),
                replay.dryRun(),
                replay.operator().toString());
        OutboundRequest request = OutboundRequest.post("replay", INTERNAL + "/webhooks/replay")
                .body(Json.write(body), "application/json");
        return HttpWhoopService.read(calls, request, Replayed.class).events();
    }
}
