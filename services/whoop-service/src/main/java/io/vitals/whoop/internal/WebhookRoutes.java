package io.vitals.whoop.internal;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.whoop.webhook.WebhookReplay;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;

/** What an operator may see of, and do to, the webhook inbox; signed like every internal call. */
public final class WebhookRoutes {
    private static final int MOST_LISTED = 500;

    private final WebhookReplay replay;

    public WebhookRoutes(WebhookReplay replay) {
        this.replay = replay;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record ReplayRequest(
            @Nullable String traceId,
            @Nullable String from,
            @Nullable String to,
            @Nullable String state,
            @Nullable Boolean dryRun,
            @Nullable String operator) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record Replayed(long events, boolean dryRun) {}

    @JsonNaming(SnakeCaseStrategy.class)
    record EventView(
            String traceId,
            String type,
            String state,
            @Nullable String outcome,
            int attempts,
            Instant sentAt,
            Instant receivedAt,
            @Nullable Instant finishedAt) {
        static EventView of(WebhookReplay.Listed event) {
            return new EventView(
                    event.traceId(),
                    event.type(),
                    event.state(),
                    event.outcome(),
                    event.attempts(),
                    event.sentAt(),
                    event.receivedAt(),
                    event.finishedAt());
        }
    }

    /** A page; {@code next} continues it and is null at the end. */
    record EventsView(List<EventView> events, @Nullable Long next) {}

    public void routes(Routes routes) {
        routes.get("/internal/v1/webhooks", this::list).post("/internal/v1/webhooks/replay", this::replay);
    }

    private void list(ServerRequest request, ServerResponse response) {
        WebhookReplay.State state = state(Input.text(request, "state", "dead"));
        int limit = Input.number(request, "limit", 100, 1, MOST_LISTED);
        List<WebhookReplay.Listed> page = replay.list(state, after(request), limit);
        Replies.json(
                response,
                200,
                new EventsView(
                        page.stream().map(EventView::of).toList(),
                        page.size() < limit ? null : page.getLast().id()));
    }

    private static long after(ServerRequest request) {
        String text = Input.text(request, "after", "0");
        if (!text.matches("[0-9]{1,18}")) {
            throw Input.refuse("after", "is not a cursor of this list");
        }
        return Long.parseLong(text);
    }

    private void replay(ServerRequest request, ServerResponse response) {
        ReplayRequest body = Bodies.json(request, ReplayRequest.class);
        WebhookReplay.Selection selection = selection(body);
        boolean dry = Boolean.TRUE.equals(body.dryRun());
        long events = dry ? replay.count(selection) : replay.replay(selection, operator(body));
        Replies.json(response, 200, new Replayed(events, dry));
    }

    /** Who asked health-api for it; a member id of theirs. */
    private static @Nullable String operator(ReplayRequest body) {
        return body.operator() == null
                ? null
                : Input.uuid("operator", body.operator()).toString();
    }

    private static WebhookReplay.Selection selection(ReplayRequest body) {
        if (body.traceId() != null && body.state() != null) {
            throw Input.refuse("state", "goes with a range, not with a trace id");
        }
        Set<WebhookReplay.State> states = body.traceId() != null
                ? Set.of(WebhookReplay.State.values())
                : Set.of(state(body.state() == null ? "dead" : body.state()));
        Instant from = time("from", body.from());
        Instant to = time("to", body.to());
        try {
            return new WebhookReplay.Selection(body.traceId(), from, to, states);
        } catch (IllegalArgumentException e) {
            throw Input.refuse("body", "cannot be used: " + e.getMessage());
        }
    }

    private static WebhookReplay.State state(String code) {
        return WebhookReplay.State.of(code)
                .orElseThrow(() -> Input.refuse("state", "is none of dead, parked and done"));
    }

    private static @Nullable Instant time(String field, @Nullable String text) {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException _) {
            throw Input.refuse(field, "is not a time with an offset");
        }
    }
}
