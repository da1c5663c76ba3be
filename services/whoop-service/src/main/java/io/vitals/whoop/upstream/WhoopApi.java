package io.vitals.whoop.upstream;

import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.outbound.Circuit;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundException;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;
import io.vitals.whoop.quota.Grant;
import io.vitals.whoop.quota.Lane;
import io.vitals.whoop.quota.Quota;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * WHOOP's API, version 2: every path in one place, every call within the shared budget. Ids reach a path only as numbers and UUIDs, so no
 * text from outside can bend one.
 *
 * <p>Nothing is tried twice here: repeating is the business of the queues, which say so with {@link #again}. Work that only WHOOP's state
 * stands in the way of is put off without costing an attempt, so that no outage, however long, makes a dead letter of it; work that fails
 * while WHOOP answers others is charged.
 */
public final class WhoopApi {
    /** The most WHOOP gives in one page. */
    private static final int PAGE_SIZE = 25;

    private static final Duration USUAL_RETRY_WINDOW = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofSeconds(2);
    private static final ScopedValue<Boolean> REPETITION = ScopedValue.newInstance();

    private final OutboundClient client;
    private final Quota quota;
    private final RetryBudget retries;
    private final Duration rest;
    private final ApiMeters meters;

    /** Whether WHOOP has answered anybody since the last call that failed. */
    private final AtomicBoolean answered = new AtomicBoolean();

    public WhoopApi(OutboundClient client, Quota quota, MeterRegistry registry) {
        this(client, quota, USUAL_RETRY_WINDOW, REST, registry);
    }

    /**
     * Takes its parts.
     *
     * @param rest how long work stays away at least that meets an open breaker or a used-up share of repetitions
     */
    public WhoopApi(OutboundClient client, Quota quota, Duration retryWindow, Duration rest, MeterRegistry registry) {
        this.client = client;
        this.quota = quota;
        this.retries = new RetryBudget(retryWindow, System::nanoTime);
        this.rest = rest;
        this.meters = new ApiMeters(registry, client);
    }

    /** Does work whose calls repeat, or do not repeat, what failed before; while WHOOP fails, only few of those are let through. */
    public static <T> T again(boolean repetition, Supplier<T> work) {
        return ScopedValue.where(REPETITION, repetition).call(work::get);
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
        if (client.circuit() == Circuit.OPEN) {
            return new Answer.Later(quota.spread(rest), "circuit_open");
        }
        if (!retries.take(REPETITION.orElse(false))) {
            return new Answer.Later(quota.spread(rest), "retry_budget");
        }
        if (quota.take(lane) instanceof Grant.Denied(var wait)) {
            return new Answer.Later(wait, "quota");
        }
        long start = System.nanoTime();
        try {
            OutboundResponse response = client.send(
                    request.header("Authorization", "Bearer " + access.reveal()).header("Accept", "application/json"));
            meters.answered(request.operation(), response.status(), System.nanoTime() - start);
            return judge(response);
        } catch (OutboundException e) {
            meters.unanswered(request.operation(), System.nanoTime() - start);
            return e.sent()
                    ? failed(e.kind().name().toLowerCase(Locale.ROOT))
                    : new Answer.Later(quota.spread(rest), e.kind().name().toLowerCase(Locale.ROOT));
        }
    }

    private Answer judge(OutboundResponse response) {
        if (response.status() == 429) {
            return new Answer.Later(quota.refused(response.headers()), "rate_limited");
        }
        quota.observe(response.headers());
        if (response.status() >= 500) {
            return failed("status_" + response.status());
        }
        if (response.successful() || response.status() == 404) {
            answered.set(true);
        }
        return switch (response.status()) {
            case 404 -> new Answer.Absent();
            case 401 -> new Answer.Unauthorized();
            default ->
                response.successful()
                        ? new Answer.Found(response.body())
                        : new Answer.Failed("status_" + response.status());
        };
    }

    /**
     * Once the breaker has left its closed state it is WHOOP that fails, not this request; unless WHOOP has answered somebody since the last
     * failure. Then it is up, and the request that fails all the same pays for it, or one record that WHOOP cannot give would keep the breaker
     * busy for good. In an outage nobody is answered, so that at most its first failure is charged besides those that open the breaker.
     */
    private Answer failed(String reason) {
        retries.failed();
        boolean up = answered.getAndSet(false);
        return up || client.circuit() == Circuit.CLOSED
                ? new Answer.Failed(reason)
                : new Answer.Later(quota.spread(rest), reason);
    }
}
