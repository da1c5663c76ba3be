package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.vitals.sandbox.member.Cycle;
import io.vitals.sandbox.member.Member;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.member.Recovery;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.member.Workout;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** {@code /developer}: the v2 API behind bearer token, scope and quota. */
final class ApiRoutes implements HttpService {
    private static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private final Population people;
    private final Grants grants;
    private final Quota quota;
    private final Exchange exchange;

    /** A call of a member whose token, scope and quota were good. */
    private interface MemberCall {
        Reply answer(ServerRequest request, Member member);
    }

    ApiRoutes(Population people, Grants grants, Quota quota, Exchange exchange) {
        this.people = people;
        this.grants = grants;
        this.quota = quota;
        this.exchange = exchange;
    }

    @Override
    public void routing(HttpRules rules) {
        get(
                rules,
                WhoopEndpoint.CYCLE,
                "/v2/cycle",
                "read:cycles",
                (request, m) -> page(request, m.cycles(), Cycle::start, c -> Long.toString(c.id()), c -> cycle(c, m)));
        get(
                rules,
                WhoopEndpoint.CYCLE,
                "/v2/cycle/{id}",
                "read:cycles",
                (request, m) -> byNumber(request, id -> one(m.cycles(), c -> c.id() == id, c -> cycle(c, m))));
        get(
                rules,
                WhoopEndpoint.SLEEP,
                "/v2/cycle/{id}/sleep",
                "read:sleep",
                (request, m) -> byNumber(
                        request,
                        id -> one(
                                m.sleeps(), s -> s.cycleId() == id && !s.span().nap(), s -> sleep(s, m))));
        get(
                rules,
                WhoopEndpoint.RECOVERY,
                "/v2/cycle/{id}/recovery",
                "read:recovery",
                (request, m) ->
                        byNumber(request, id -> one(m.recoveries(), r -> r.cycleId() == id, r -> recovery(r, m))));
        get(
                rules,
                WhoopEndpoint.RECOVERY,
                "/v2/recovery",
                "read:recovery",
                (request, m) -> page(
                        request,
                        m.recoveries(),
                        Recovery::sleepStart,
                        r -> r.sleepId().toString(),
                        r -> recovery(r, m)));
        get(
                rules,
                WhoopEndpoint.SLEEP,
                "/v2/activity/sleep",
                "read:sleep",
                (request, m) ->
                        page(request, m.sleeps(), s -> s.span().start(), s -> s.id().toString(), s -> sleep(s, m)));
        get(
                rules,
                WhoopEndpoint.SLEEP,
                "/v2/activity/sleep/{id}",
                "read:sleep",
                (request, m) -> byUuid(
                        request, id -> one(m.sleeps(), s -> s.id().toString().equals(id), s -> sleep(s, m))));
        get(
                rules,
                WhoopEndpoint.WORKOUT,
                "/v2/activity/workout",
                "read:workout",
                (request, m) ->
                        page(request, m.workouts(), Workout::start, w -> w.id().toString(), w -> workout(w, m)));
        get(
                rules,
                WhoopEndpoint.WORKOUT,
                "/v2/activity/workout/{id}",
                "read:workout",
                (request, m) -> byUuid(
                        request, id -> one(m.workouts(), w -> w.id().toString().equals(id), w -> workout(w, m))));
        get(
                rules,
                WhoopEndpoint.PROFILE,
                "/v2/user/profile/basic",
                "read:profile",
                (request, m) -> Reply.json(200, WhoopJson.profile(m.profile())));
        get(
                rules,
                WhoopEndpoint.BODY,
                "/v2/user/measurement/body",
                "read:body_measurement",
                (request, m) -> Reply.json(200, WhoopJson.body(m.profile())));
        rules.delete(
                "/v2/user/access",
                exchange.call(WhoopEndpoint.ACCESS, "DELETE /v2/user/access", guarded("", (request, member) -> {
                    grants.revoke(member.profile().userId());
                    return Reply.empty(204);
                })));
    }

    private void get(HttpRules rules, WhoopEndpoint endpoint, String path, String scope, MemberCall call) {
        rules.get(path, exchange.call(endpoint, "GET " + path, guarded(scope, call)));
    }

    private Exchange.Call guarded(String scope, MemberCall call) {
        return request -> {
            Optional<Grants.Access> access = request.headers()
                    .first(HeaderNames.AUTHORIZATION)
                    .filter(header -> header.regionMatches(true, 0, "Bearer ", 0, 7))
                    .flatMap(header -> grants.access(header.substring(7).strip()));
            Optional<Member> member = access.flatMap(a -> people.byUserId(a.userId()));
            if (access.isEmpty() || member.isEmpty()) {
                return Reply.error(401);
            }
            Quota.Verdict verdict = quota.take();
            if (!verdict.allowed()) {
                return Reply.error(429).with(verdict.headers());
            }
            boolean permitted = scope.isEmpty() || access.get().scopes().contains(scope);
            Reply reply = permitted ? call.answer(request, member.get()) : Reply.error(403);
            return reply.with(verdict.headers());
        };
    }

    private <T> Reply page(
            ServerRequest request,
            List<T> records,
            Function<T, Instant> start,
            Function<T, String> id,
            Function<T, ObjectNode> json) {
        try {
            Page page = Page.parse(
                    name -> request.query().first(name).orElse(null),
                    people.clock().instant());
            return Reply.json(200, page.cut(records, start, id, json));
        } catch (Page.BadParameter e) {
            return Reply.error(400);
        }
    }

    private static <T> Reply one(List<T> records, Predicate<T> wanted, Function<T, ObjectNode> json) {
        return records.stream()
                .filter(wanted)
                .findFirst()
                .map(found -> Reply.json(200, json.apply(found)))
                .orElseGet(() -> Reply.error(404));
    }

    /** A lookup by a cycle's number. */
    private interface ByNumber {
        Reply answer(long id);
    }

    private static Reply byNumber(ServerRequest request, ByNumber lookup) {
        String id = request.path().pathParameters().get("id");
        return id.matches("[0-9]{1,18}") ? lookup.answer(Long.parseLong(id)) : Reply.error(400);
    }

    private static Reply byUuid(ServerRequest request, Function<String, Reply> lookup) {
        String id = request.path().pathParameters().get("id");
        return id.matches(UUID) ? lookup.apply(id.toLowerCase(java.util.Locale.ROOT)) : Reply.error(400);
    }

    private static ObjectNode cycle(Cycle cycle, Member member) {
        return WhoopJson.cycle(cycle, member.profile().userId());
    }

    private static ObjectNode recovery(Recovery recovery, Member member) {
        return WhoopJson.recovery(recovery, member.profile().userId());
    }

    private static ObjectNode sleep(Sleep sleep, Member member) {
        return WhoopJson.sleep(sleep, member.profile().userId());
    }

    private static ObjectNode workout(Workout workout, Member member) {
        return WhoopJson.workout(workout, member.profile().userId());
    }
}
