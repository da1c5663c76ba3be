package io.vitals.health.api;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.health.access.Call;
import io.vitals.health.access.Caller;
import io.vitals.health.access.Role;
import io.vitals.health.access.Rule;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.reply.Query;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.http.FailureException;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One audit entry for each read of health data. It is on disk before the first byte of the answer leaves; if it cannot be
 * written, the answer is 503 and nothing of the data is sent.
 */
public final class Reads {
    /** The routes that answer with health data, and what a read of each is called. */
    static final Map<String, String> ACTIONS = Map.of(
            "GET /api/v1/users/{user}/days", "days.read",
            "GET /api/v1/users/{user}/days/{date}", "day.read",
            "GET /api/v1/users/{user}/days/{date}/explain", "explain.read",
            "GET /api/v1/users/{user}/overview", "overview.read",
            "GET /api/v1/users/{user}/sources", "sources.read",
            "POST /api/v1/users/{user}/refresh", "refresh.read",
            "GET /api/v1/users/{user}/export", "export.read");

    static final String REPLAY = "admin.replay";
    static final String OPERATIONS = "operations";

    /** The routes that answer with what is known of members in general, and what using each is called. */
    static final Map<String, String> ADMIN_ACTIONS = Map.of(
            "GET /api/v1/admin/links", "admin.links",
            "GET /api/v1/admin/members", "admin.members",
            "GET /api/v1/admin/members/{member}/coverage", "admin.member_coverage",
            "GET /api/v1/admin/coverage", "admin.coverage",
            "GET /api/v1/admin/dead-letters", "admin.dead_letters",
            "POST /api/v1/admin/dead-letters/replay", REPLAY,
            "GET /api/v1/admin/quota", "admin.quota",
            "GET /api/v1/admin/audit", "admin.audit");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

    private final AuditTrail trail;

    Reads(AuditTrail trail) {
        this.trail = trail;
    }

    /** What a use of this route is called; empty if it answers without health data and is not the admins'. */
    public static Optional<String> actionOf(Rule rule) {
        return Optional.ofNullable(ACTIONS.getOrDefault(rule.route(), ADMIN_ACTIONS.get(rule.route())));
    }

    /** The endpoint of a route, with an entry for each call if it is one of {@link #ACTIONS} or {@link #ADMIN_ACTIONS}. */
    Call.Endpoint audited(Rule rule, Call.Endpoint endpoint) {
        return actionOf(rule).map(action -> audited(action, endpoint)).orElse(endpoint);
    }

    private Call.Endpoint audited(String action, Call.Endpoint endpoint) {
        return call -> {
            AuditEvent event = event(action, call.caller(), call.subject(), call.request());
            AuditedResponse response =
                    new AuditedResponse(call.response(), status -> trail.record(event.withOutcome(outcome(status))));
            try {
                endpoint.handle(call.answeredBy(response));
            } catch (FailureException e) {
                if (!response.recorded()) {
                    trail.recordRefusal(
                            event.withOutcome(outcome(e.failure().problem().status()))
                                    .withReason(e.failure().problem().slug()));
                }
                throw e;
            } catch (Exception e) {
                if (!response.recorded()) {
                    trail.recordRefusal(event.withOutcome("error"));
                }
                throw e;
            }
        };
    }

    /** Who, whose and what for. A program is named by its key, not by the member who made it. The object is the day or the range asked for. */
    public static AuditEvent event(String action, Caller caller, UUID subject, ServerRequest request) {
        if (ADMIN_ACTIONS.containsValue(action)) {
            return adminEvent(action, caller, request);
        }
        String purpose = caller.member().equals(subject)
                ? action.equals("export.read") ? "portability" : "own_access"
                : "foreign_access";
        AuditEvent event = caller.key()
                .map(key -> AuditEvent.of(action, "key", subject)
                        .withActorId(key.id().toString()))
                .orElseGet(() -> AuditEvent.of(action, "member", subject)
                        .withActorId(caller.member().toString()));
        return event.withPurpose(purpose).withObject(object(request).orElse(null));
    }

    /** Whoever tries it without being one is named as what they are. */
    private static AuditEvent adminEvent(String action, Caller caller, ServerRequest request) {
        @Nullable
        UUID subject = request.path()
                .pathParameters()
                .first("member")
                .asOptional()
                .flatMap(Query::uuid)
                .orElse(null);
        AuditEvent event = caller.key()
                .map(key -> AuditEvent.of(action, "key", subject)
                        .withActorId(key.id().toString()))
                .orElseGet(() -> AuditEvent.of(action, roleOf(caller), subject)
                        .withActorId(caller.member().toString()));
        return event.withPurpose(OPERATIONS);
    }

    private static String roleOf(Caller caller) {
        return Stream.of(Role.ADMIN, Role.AUDITOR)
                .filter(caller.roles()::contains)
                .findFirst()
                .orElse(Role.MEMBER)
                .wire();
    }

    private static Optional<String> object(ServerRequest request) {
        Optional<String> date =
                date(request.path().pathParameters().first("date").asOptional());
        if (date.isPresent()) {
            return date;
        }
        Optional<String> from = date(request.query().first("from").asOptional());
        Optional<String> to = date(request.query().first("to").asOptional());
        if (from.isPresent() || to.isPresent()) {
            return Optional.of(from.orElse("") + ".." + to.orElse(""));
        }
        return date(request.query().first("period").asOptional());
    }

    private static Optional<String> date(Optional<String> text) {
        return text.filter(value -> DATE.matcher(value).matches());
    }

    private static String outcome(int status) {
        return switch (status) {
            case 304 -> "not_modified";
            case 404 -> "absent";
            default -> status < 400 ? "success" : status < 500 ? "refused" : "error";
        };
    }
}
