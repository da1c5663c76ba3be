package io.vitals.health.api;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.health.access.Call;
import io.vitals.health.admin.MemberCensus;
import io.vitals.health.reply.Query;
import io.vitals.health.sahha.SahhaDeadLetters;
import io.vitals.health.whoop.WhoopAdmin;
import io.vitals.health.whoop.WhoopService;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.audit.ChainOverview;
import io.vitals.kit.audit.ChainWatch;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** All members together, for admins: states, counts, ages and budgets. Nothing here was measured. */
final class AdminRoutes {
    private static final int USUAL = 50;
    private static final int MOST = 200;
    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 90;
    private static final String NONE = "none";
    private static final Set<String> LINKED =
            Set.of("active", "refreshing", "refresh_failing", "reauth_required", "revoked");

    private final WhoopAdmin whoop;
    private final WhoopService days;
    private final MemberCensus members;
    private final SahhaDeadLetters sahha;
    private final ChainWatch chain;
    private final Clock clock;

    AdminRoutes(
            WhoopAdmin whoop,
            WhoopService days,
            MemberCensus members,
            SahhaDeadLetters sahha,
            ChainWatch chain,
            Clock clock) {
        this.whoop = whoop;
        this.days = days;
        this.members = members;
        this.sahha = sahha;
        this.chain = chain;
        this.clock = clock;
    }

    /** {@code GET /admin/links}: members by the state of their sources. */
    void links(Call call) {
        Map<String, Long> profiles = members.sahhaCounts();
        Map<String, Long> links = new TreeMap<>(WhoopSide.reached(whoop::linkCounts));
        long all = profiles.values().stream().mapToLong(Long::longValue).sum();
        long linked = links.values().stream().mapToLong(Long::longValue).sum();
        // The two services are not asked in the same moment.
        links.put(NONE, Math.max(0, all - linked));
        Replies.json(call.response(), 200, new AdminViews.Links(all, links, profiles));
    }

    /** {@code GET /admin/members}: the members of a state. */
    void members(Call call) {
        ServerRequest request = call.request();
        String state = Query.text(request, "state")
                .filter(text -> text.equals(NONE) || LINKED.contains(text))
                .orElseThrow(() -> invalid("state", "must be a state of a WHOOP link"));
        int limit = limit(request);
        UUID cursor = Query.uuid(request, "cursor").orElse(null);
        Replies.json(call.response(), 200, state.equals(NONE) ? unlinked(cursor, limit) : linked(state, cursor, limit));
    }

    private AdminViews.Members unlinked(@Nullable UUID cursor, int limit) {
        List<AdminViews.Member> page = members.unlinked(cursor, limit).stream()
                .map(AdminViews.Member::of)
                .toList();
        return new AdminViews.Members(
                page, page.size() < limit ? null : page.getLast().member());
    }

    private AdminViews.Members linked(String state, @Nullable UUID cursor, int limit) {
        WhoopAdmin.Links page = WhoopSide.reached(() -> whoop.links(state, cursor, limit));
        Map<UUID, String> profiles =
                members.sahha(page.links().stream().map(WhoopAdmin.Link::member).toList());
        return new AdminViews.Members(
                page.links().stream()
                        .map(link -> AdminViews.Member.of(link, profiles.getOrDefault(link.member(), NONE)))
                        .toList(),
                page.next());
    }

    /** {@code GET /admin/coverage}: shares of all linked members by day and kind of record. */
    void coverage(Call call) {
        LocalDate to = today();
        LocalDate from = from(call.request(), to);
        Replies.json(call.response(), 200, WhoopSide.reached(() -> whoop.census(from, to)));
    }

    /** {@code GET /admin/members/{member}/coverage}: which days of one member have data, and not the data. */
    void memberCoverage(Call call) {
        UUID member = memberOf(call.request());
        LocalDate to = today();
        LocalDate from = from(call.request(), to);
        Replies.json(
                call.response(),
                200,
                new AdminViews.MemberDays(member, WhoopSide.reached(() -> days.coverage(member, from, to))));
    }

    private UUID memberOf(ServerRequest request) {
        UUID member = Query.uuid(request.path().pathParameters().get("member"))
                .orElseThrow(() -> new CommonFailure.NotFound().toException());
        if (members.sahha(List.of(member)).isEmpty()) {
            throw new CommonFailure.NotFound().toException();
        }
        return member;
    }

    /** {@code GET /admin/quota}: the budget of the WHOOP app. */
    void quota(Call call) {
        Replies.json(call.response(), 200, WhoopSide.reached(whoop::quota));
    }

    /** {@code GET /admin/audit}: how the audit logs of both services stand. That of one is told when the other is away. */
    void audit(Call call) {
        @Nullable ChainOverview other;
        try {
            other = whoop.audit();
        } catch (WhoopUnavailableException e) {
            other = null;
        }
        Replies.json(
                call.response(),
                200,
                new AdminViews.Audit(List.of(
                        new AdminViews.ServiceAudit("health-api", chain.overview()),
                        new AdminViews.ServiceAudit("whoop-service", other))));
    }

    /** {@code GET /admin/dead-letters}: events of a source that were given up, oldest first. */
    void deadLetters(Call call) {
        ServerRequest request = call.request();
        AdminViews.Source source =
                AdminViews.Source.of(Query.text(request, "source").orElse("whoop"));
        int limit = limit(request);
        @Nullable
        Long cursor = Query.text(request, "cursor")
                .map(text -> AdminViews.number("cursor", text))
                .orElse(null);
        Replies.json(
                call.response(),
                200,
                switch (source) {
                    case WHOOP -> AdminViews.Letters.of(WhoopSide.reached(() -> whoop.deadLetters(cursor, limit)));
                    case SAHHA -> AdminViews.Letters.of(sahha.page(cursor == null ? 0 : cursor, limit), limit);
                });
    }

    /** Puts events back into their queue, or counts them; returns how many. */
    long replay(ReplayRequest wanted, UUID admin) {
        return switch (wanted.source()) {
            case WHOOP ->
                WhoopSide.reached(() -> whoop.replay(
                        new WhoopAdmin.Replay(wanted.id(), wanted.from(), wanted.to(), wanted.dryRun(), admin)));
            case SAHHA -> {
                SahhaDeadLetters.Selection selection =
                        new SahhaDeadLetters.Selection(wanted.number(), wanted.from(), wanted.to());
                yield wanted.dryRun() ? sahha.count(selection) : sahha.replay(selection);
            }
        };
    }

    private LocalDate today() {
        return clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static LocalDate from(ServerRequest request, LocalDate to) {
        return to.minusDays(Query.number(request, "days", 1, MOST_DAYS).orElse(USUAL_DAYS) - 1L);
    }

    private static int limit(ServerRequest request) {
        return Query.number(request, "limit", 1, MOST).orElse(USUAL);
    }

    private static RuntimeException invalid(String field, String why) {
        return new CommonFailure.InvalidInput(field, why).toException();
    }
}
