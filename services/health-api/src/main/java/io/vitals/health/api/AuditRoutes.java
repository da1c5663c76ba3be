package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.health.access.Call;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.reply.Query;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.audit.AuditReader;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** The audit log: all of it for auditors, and for each member who looked at their data. */
final class AuditRoutes {
    private static final int USUAL = 50;
    private static final int MOST = 200;
    private static final Pattern ACTOR = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final Pattern CURSOR = Pattern.compile("[1-9][0-9]{0,17}");

    private final AuditTrail trail;
    private final ChainWatch chain;

    AuditRoutes(AuditTrail trail, ChainWatch chain) {
        this.trail = trail;
        this.chain = chain;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Chain(
            String state,
            @Nullable Instant verifiedAt,
            @Nullable Long entries,
            @Nullable Instant checkpointedAt) {

        static Chain of(ChainWatch watch) {
            return watch.status()
                    .map(status -> new Chain(
                            status.findings() == 0 ? "sound" : "broken",
                            status.verifiedAt(),
                            status.entries(),
                            status.checkpointed().orElse(null)))
                    .orElseGet(() -> new Chain("unknown", null, null, null));
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record EntryView(
            String id,
            Instant at,
            String action,
            String actor,
            @Nullable String actorId,
            @Nullable UUID member,
            @Nullable String purpose,
            @Nullable String object,
            String outcome,
            @Nullable String reason) {

        static EntryView of(AuditReader.Entry entry) {
            return new EntryView(
                    Long.toString(entry.id()),
                    entry.at(),
                    entry.action(),
                    entry.actor(),
                    entry.actorId(),
                    entry.member(),
                    entry.purpose(),
                    entry.object(),
                    entry.outcome(),
                    entry.reason());
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Page(List<EntryView> entries, @Nullable String nextCursor, Chain chain) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Accesses(
            List<EntryView> entries, @Nullable String nextCursor) {}

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record Members(
            List<AuditReader.Touched> members, @Nullable UUID nextCursor) {}

    /** {@code GET /audit}: by subject, actor and time, newest first. Looking is itself an entry. */
    void page(Call call) {
        ServerRequest request = call.request();
        UUID subject = Query.uuid(request, "subject").orElse(null);
        AuditReader.Filter filter = new AuditReader.Filter(
                subject,
                actor(request).orElse(null),
                Query.instant(request, "from").orElse(null),
                Query.instant(request, "to").orElse(null));
        int limit = Query.number(request, "limit", 1, MOST).orElse(USUAL);
        @Nullable Long before = cursor(request);
        trail.record(looked(call, "audit.read", subject));
        List<EntryView> entries = entries(filter, before, limit);
        Replies.json(call.response(), 200, new Page(entries, next(entries, limit), Chain.of(chain)));
    }

    /** {@code GET /audit/members}: whose data an actor touched. */
    void members(Call call) {
        ServerRequest request = call.request();
        String actor = actor(request)
                .orElseThrow(() -> new CommonFailure.InvalidInput("actor", "must be given").toException());
        Instant from = Query.instant(request, "from").orElse(Instant.EPOCH);
        Instant to = Query.instant(request, "to").orElse(Instant.parse("2200-01-01T00:00:00Z"));
        int limit = Query.number(request, "limit", 1, MOST).orElse(USUAL);
        @Nullable UUID after = Query.uuid(request, "cursor").orElse(null);
        trail.record(looked(call, "audit.members", null).withObject(actor));
        List<AuditReader.Touched> members = trail.reader().touched(actor, from, to, after, limit);
        Replies.json(
                call.response(),
                200,
                new Members(
                        members,
                        members.size() < limit ? null : members.getLast().member()));
    }

    /** {@code GET /users/{user}/accesses}: what was done with the member's data, and by whom. */
    void accesses(Call call) {
        int limit = Query.number(call.request(), "limit", 1, MOST).orElse(USUAL);
        List<EntryView> entries =
                entries(new AuditReader.Filter(call.subject(), null, null, null), cursor(call.request()), limit);
        Replies.json(call.response(), 200, new Accesses(entries, next(entries, limit)));
    }

    private List<EntryView> entries(AuditReader.Filter filter, @Nullable Long before, int limit) {
        return trail.reader().page(filter, before, limit).stream()
                .map(EntryView::of)
                .toList();
    }

    private static @Nullable String next(List<EntryView> entries, int limit) {
        return entries.size() < limit ? null : entries.getLast().id();
    }

    private static AuditEvent looked(Call call, String action, @Nullable UUID subject) {
        return AuditEvent.of(action, "auditor", subject)
                .withActorId(call.caller().member().toString())
                .withPurpose("audit");
    }

    private static java.util.Optional<String> actor(ServerRequest request) {
        return Query.text(request, "actor").map(value -> {
            if (!ACTOR.matcher(value).matches()) {
                throw new CommonFailure.InvalidInput("actor", "must be an id").toException();
            }
            return value;
        });
    }

    private static @Nullable Long cursor(ServerRequest request) {
        return Query.text(request, "cursor")
                .map(value -> {
                    if (!CURSOR.matcher(value).matches()) {
                        throw new CommonFailure.InvalidInput("cursor", "is not one of this list").toException();
                    }
                    return Long.valueOf(value);
                })
                .orElse(null);
    }
}
