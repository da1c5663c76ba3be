package io.vitals.health.api;

import io.vitals.health.access.Call;
import io.vitals.health.audit.AuditTrail;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.Replies;

import java.util.UUID;

/** {@code POST /admin/dead-letters/replay}: written down before it is done, and how it ended before it is answered. */
record ReplayRoute(AdminRoutes admin, AuditTrail trail) {
    void replay(Call call) {
        ReplayRequest wanted = ReplayRequest.of(Bodies.json(call.request(), ReplayRequest.Body.class));
        UUID caller = call.caller().member();
        trail.record(AuditEvent.of(Reads.REPLAY, "admin", null)
                .withActorId(caller.toString())
                .withPurpose(Reads.OPERATIONS)
                .withObject(wanted.object())
                .withOutcome(wanted.dryRun() ? "counted" : "asked")
                .withReason(wanted.source().wire()));
        long events = admin.replay(wanted, caller);
        Replies.json(call.response(), 200, new AdminViews.Replayed(events, wanted.dryRun()));
    }
}
