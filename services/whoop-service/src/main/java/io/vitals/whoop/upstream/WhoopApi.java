package io.vitals.whoop.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vitals.kit.config.Secret;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundException;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import io.vitals.whoop.quota.Grant;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.quota.Quota;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * WHOOP's API, version 2: every path in one place, every call within the shared budget. Ids reach a path only as numbers and UUIDs, so no
 * text from outside can bend one.
 */
public final class WhoopApi {
    /** The most WHOOP gives in one page. */
    private static final int PAGE_SIZE = 25;

    private final OutboundClient client;
    private final Quota quota;
    private final MeterRegistry registry;

    public WhoopApi(OutboundClient client, Quota quota, MeterRegistry registry) {
        this.client = client;
        this.quota = quota;
        this.registry = registry;
        for (String outcome :
                new String[] {"success", "not_found", "rate_limited", "client_error", "server_error", "error"}) {
            timer("list-cycle", "none", outcome);
        }
    }

    /** The dated collections. */
    public enum Collection {
        CYCLE("/v2/cycle"),
        RECOVERY("/v2/recovery"),
        SLEEP("/v2/activity/sleep"),
        WORKOUT("/v2/activity/workout");

        private final String path;

        Collection(String path) {
            this.path = path;
        }
    }

    /**
     * One page, newest first.
     *
     * @param from inclusive
     * @param to exclusive
     * @param token where the page starts, as the page before said; null for the first
     */
    public Answer page(
            Secret access, Lane lane, Collection collection, Instant from, Instant to, @Nullable String token) {
        OutboundRequest request = OutboundRequest.get(
                        "list-" + collection.name().toLowerCase(Locale.ROOT), collection.path)
                .query("limit", Integer.toString(PAGE_SIZE))
                .query("start", from.toString())
                .query("end", to.toString());
        return call(access, lane, token == null ? request : request.query("nextToken", token));
    }

    public Answer sleep(Secret access, Lane lane, UUID id) {
        return call(access, lane, OutboundRequest.get("get-sleep", "/v2/activity/sleep/" + id));
    }

    public Answer workout(Secret access, Lane lane, UUID id) {
        return call(access, lane, OutboundRequest.get("get-workout", "/v2/activity/workout/" + id));
    }

    public Answer cycle(Secret access, Lane lane, long id) {
        return call(access, lane, OutboundRequest.get("get-cycle", "/v2/cycle/" + id));
    }

    /** There is no recovery by id: it is found through its cycle. */
    public Answer recovery(Secret access, Lane lane, long cycleId) {
        return call(access, lane, OutboundRequest.get("get-recovery", "/v2/cycle/" + cycleId + "/recovery"));
    }

    public Answer profile(Secret access, Lane lane) {
        return call(access, lane, OutboundRequest.get("get-profile", "/v2/user/profile/basic"));
    }

    public Answer body(Secret access, Lane lane) {
        return call(access, lane, OutboundRequest.get("get-body", "/v2/user/measurement/body"));
    }

    /** Gives the member's consent back; WHOOP then also stops sending webhooks. */
    public Answer revoke(Secret access) {
        return call(access, Lane.MEMBER, OutboundRequest.delete("revoke-access", "/v2/user/access"));
    }

    private Answer call(Secret access, Lane lane, OutboundRequest request) {
        if (quota.take(lane) instanceof Grant.Denied(var wait)) {
            return new Answer.Later(wait, "quota");
        }
        long start = System.nanoTime();
        String status = "none";
        String outcome = "error";
        try {
            OutboundResponse response = client.send(
                    request.header("Authorization", "Bearer " + access.reveal()).header("Accept", "application/json"));
            status = Integer.toString(response.status());
            outcome = outcome(response.status());
            return judge(response);
        } catch (OutboundException e) {
            return new Answer.Failed(e.kind().name().toLowerCase(Locale.ROOT));
        } finally {
            timer(request.operation(), status, outcome).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private Answer judge(OutboundResponse response) {
        if (response.status() == 429) {
            return new Answer.Later(quota.refused(response.headers()), "rate_limited");
        }
        quota.observe(response.headers());
        return switch (response.status()) {
            case 404 -> new Answer.Absent();
            case 401 -> new Answer.Unauthorized();
            default ->
                response.successful()
                        ? new Answer.Found(response.body())
                        : new Answer.Failed("status_" + response.status());
        };
    }

    private static String outcome(int status) {
        if (status == 404) {
            return "not_found";
        } else if (status == 429) {
            return "rate_limited";
        } else if (status >= 500) {
            return "server_error";
        }
        return status >= 200 && status < 300 ? "success" : "client_error";
    }

    private Timer timer(String operation, String status, String outcome) {
        return Timer.builder("whoop.client.requests")
                .description("Calls to the WHOOP API")
                .tag("operation", operation)
                .tag("status", status)
                .tag("outcome", outcome)
                .register(registry);
    }
}
