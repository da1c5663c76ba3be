package io.vitals.whoop.internal;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.vitals.kit.db.Database;
import io.vitals.kit.deadline.Deadline;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.whoop.days.Days;
import io.vitals.whoop.feed.Feed;
import io.vitals.whoop.link.LinkFailure;
import io.vitals.whoop.link.Links;
import io.vitals.whoop.model.MemberId;
import io.vitals.whoop.records.Records;
import io.vitals.whoop.sync.Sync;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/** The private API under {@code /internal/v1}. Its listener lets only signed calls of health-api through. */
public final class InternalApi {
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{8,128}");
    private static final int LONGEST_CODE = 2048;
    private static final Duration TIME_TO_ANSWER = Duration.ofMillis(500);

    private final Database database;
    private final Links links;
    private final Sync sync;
    private final Records records;
    private final Feed feed;
    private final Clock clock;
    private final BooleanSupplier draining;

    /**
     * Takes its parts.
     *
     * @param draining whether a stop has begun; waiting readers are then sent away
     */
    public InternalApi(
            Database database,
            Links links,
            Sync sync,
            Records records,
            Feed feed,
            Clock clock,
            BooleanSupplier draining) {
        this.database = database;
        this.links = links;
        this.sync = sync;
        this.records = records;
        this.feed = feed;
        this.clock = clock;
        this.draining = draining;
    }

    public void routes(Routes routes) {
        routes.post("/internal/v1/links/{member}", this::start)
                .post("/internal/v1/links/{member}/callback", this::callback)
                .get("/internal/v1/links/{member}", this::link)
                .delete("/internal/v1/links/{member}", this::disconnect)
                .get("/internal/v1/days/{member}", this::days)
                .get("/internal/v1/coverage/{member}", this::coverage)
                .get("/internal/v1/changes", this::changes)
                .openEnded("/internal/v1/changes")
                .post("/internal/v1/sync/{member}", this::requestSync)
                .get("/internal/v1/sync/{member}/deletions", this::heldDeletions)
                .post("/internal/v1/sync/{member}/deletions", this::confirmDeletions);
    }

    private void start(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        String binding =
                Input.binding(Bodies.json(request, Views.StartRequest.class).sessionBinding());
        Replies.json(response, 201, Views.Started.of(links.start(member, binding)));
    }

    private void callback(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        Views.CallbackRequest body = Bodies.json(request, Views.CallbackRequest.class);
        String state = body.state();
        if (state == null || !STATE.matcher(state).matches()) {
            throw LinkFailure.STATE_INVALID.toException();
        }
        String code = body.code();
        if (code != null && (code.isEmpty() || code.length() > LONGEST_CODE)) {
            throw Input.refuse("code", "has an impossible length");
        }
        links.callback(member, state, Input.binding(body.sessionBinding()), code, body.error());
        replyLink(response, member);
    }

    private void link(ServerRequest request, ServerResponse response) {
        replyLink(response, Input.member(request));
    }

    private void disconnect(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        links.disconnect(member);
        replyLink(response, member);
    }

    private void replyLink(ServerResponse response, MemberId member) {
        Replies.json(response, 200, Views.Link.of(links.status(member), sync.status(member)));
    }

    private void days(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        Input.Range range = Input.range(request);
        Replies.json(
                response,
                200,
                new Views.DaysView(Days.assemble(
                        records.range(database, member, range.from(), range.to()),
                        range.from(),
                        range.to(),
                        clock.instant())));
    }

    private void coverage(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        Input.Range range = Input.range(request);
        Replies.json(response, 200, Views.CoverageView.of(sync.coverage(member, range.from(), range.to())));
    }

    private void changes(ServerRequest request, ServerResponse response) {
        Duration asked = Duration.ofSeconds(Input.number(request, "wait", 0, 0, 25));
        Duration wait = timeToWait(asked);
        int limit = Input.number(request, "limit", 200, 1, 1000);
        Feed.Page page = feed.read(Input.text(request, "after", ""), limit, wait, draining)
                .orElseThrow(() -> Input.refuse("after", "is not a cursor of this feed"));
        Replies.json(response, 200, Views.ChangesView.of(page));
    }

    private void requestSync(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        Duration asked = Duration.ofMillis(Input.number(request, "wait", 0, 0, 10_000));
        if (!sync.request(member)) {
            throw new CommonFailure.NotFound().toException();
        }
        if (asked.isZero()) {
            Replies.empty(response, 202);
        } else {
            Replies.json(response, 200, Views.Requested.of(sync.await(member, timeToWait(asked), draining)));
        }
    }

    /** The caller must still get the answer, be it that there is nothing new. */
    private static Duration timeToWait(Duration asked) {
        return Deadline.left()
                .map(left -> left.minus(TIME_TO_ANSWER))
                .filter(left -> left.compareTo(asked) < 0)
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(asked);
    }

    private void heldDeletions(ServerRequest request, ServerResponse response) {
        Replies.json(
                response,
                200,
                Views.HeldView.of(sync.heldDeletions(Input.member(request))
                        .orElseThrow(() -> new CommonFailure.NotFound().toException())));
    }

    private void confirmDeletions(ServerRequest request, ServerResponse response) {
        MemberId member = Input.member(request);
        UUID run = Input.uuid(
                "run", Bodies.json(request, Views.ConfirmRequest.class).run());
        int deleted = sync.confirmDeletions(member, run).orElseThrow(() -> new CommonFailure.NotFound().toException());
        Replies.json(response, 200, new Views.ConfirmedView(deleted));
    }
}
