package io.vitals.health.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.health.access.Call;
import io.vitals.health.access.SessionRef;
import io.vitals.health.audit.AuditTrail;
import io.vitals.health.daily.DailyRecords;
import io.vitals.health.privacy.Consents;
import io.vitals.health.reply.Query;
import io.vitals.health.whoop.LinkCallback;
import io.vitals.health.whoop.LinkOutcome;
import io.vitals.health.whoop.WhoopCoverage;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.health.whoop.WhoopService;
import io.vitals.health.whoop.WhoopUnavailableException;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import io.vitals.kit.json.Json;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The member's WHOOP link: passed on to whoop-service, bound to this browser's session. */
final class LinkRoutes {
    private static final int COVERAGE_DAYS = 30;

    private final WhoopService whoop;
    private final Consents consents;
    private final DailyRecords daily;
    private final AuditTrail trail;

    LinkRoutes(WhoopService whoop, Consents consents, DailyRecords daily, AuditTrail trail) {
        this.whoop = whoop;
        this.consents = consents;
        this.daily = daily;
        this.trail = trail;
    }

    void start(Call call) {
        UUID member = call.subject();
        if (!consents.granted(member, Consents.Purpose.HEALTH_DATA)) {
            throw new ApiFailure.ConsentRequired().toException();
        }
        String binding = session(call).binding();
        trail.record(event(call, "link.started"));
        Replies.json(call.response(), 201, WhoopSide.reached(() -> whoop.startLink(member, binding)));
    }

    void status(Call call) {
        UUID member = call.subject();
        WhoopLink link = WhoopSide.reached(() -> whoop.link(member));
        ObjectNode body = Json.mapper().valueToTree(link);
        List<WhoopCoverage> coverage =
                link.state() == WhoopLink.State.NONE ? List.of() : WhoopSide.reached(() -> coverage(member, link));
        body.set("days", Json.mapper().valueToTree(coverage));
        Replies.json(call.response(), 200, body);
    }

    void disconnect(Call call) {
        trail.record(event(call, "link.ended"));
        WhoopLink link = WhoopSide.reached(() -> whoop.disconnect(call.subject()));
        Replies.json(call.response(), 200, link);
    }

    /** Where WHOOP sends the browser back to. Ends on the page, whatever came; the page says how it went. */
    void callback(Call call) {
        String outcome;
        try {
            outcome = outcome(call).name().toLowerCase(Locale.ROOT);
        } catch (WhoopUnavailableException e) {
            outcome = "failed";
        }
        trail.record(event(call, "link.returned").withOutcome(outcome));
        Replies.seeOther(call.response(), "/?link=" + outcome);
    }

    private static AuditEvent event(Call call, String action) {
        UUID member = call.subject();
        return AuditEvent.of(action, "member", member).withActorId(member.toString());
    }

    private LinkOutcome outcome(Call call) {
        Optional<String> state = Query.text(call.request(), "state");
        UUID member = call.subject();
        if (state.isEmpty()) {
            return LinkOutcome.INVALID;
        }
        // Consent may have been withdrawn while the person was at WHOOP.
        if (!consents.granted(member, Consents.Purpose.HEALTH_DATA)) {
            return LinkOutcome.DENIED;
        }
        LinkCallback callback = new LinkCallback(
                state.get(),
                session(call).binding(),
                Query.text(call.request(), "code").orElse(null),
                Query.text(call.request(), "error").orElse(null));
        return whoop.finishLink(member, callback);
    }

    private List<WhoopCoverage> coverage(UUID member, WhoopLink link) {
        LocalDate today = daily.today(member);
        LocalDate from = today.minusDays(COVERAGE_DAYS - 1L);
        LocalDate to = today;
        if (link.sync() != null && link.sync().from() != null && link.sync().to() != null) {
            // What the sync counts is what its progress is shown of.
            from = link.sync().from();
            to = link.sync().to().isAfter(today) ? link.sync().to() : today;
        }
        LocalDate earliest = to.minusDays(DailyRecords.MAX_PAGE - 1L);
        return whoop.coverage(member, from.isBefore(earliest) ? earliest : from, to);
    }

    private static SessionRef session(Call call) {
        return call.caller().session().orElseThrow(() -> new CommonFailure.Unauthorized().toException());
    }
}
