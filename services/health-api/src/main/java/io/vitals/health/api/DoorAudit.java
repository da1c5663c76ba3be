package io.vitals.health.api;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.health.access.Caller;
import io.vitals.health.access.DoorListener;
import io.vitals.health.access.Rule;
import io.vitals.health.audit.AuditTrail;
import io.vitals.kit.audit.AuditEvent;
import io.vitals.kit.http.Failure;

import java.util.UUID;

/** What happens at the door, written down. A sign-in that cannot be written down does not happen. */
public record DoorAudit(AuditTrail trail) implements DoorListener {
    @Override
    public void signedIn(UUID member) {
        trail.record(AuditEvent.of("session.started", "member", member).withActorId(member.toString()));
    }

    @Override
    public void signedOut(UUID member) {
        trail.recordRefusal(AuditEvent.of("session.ended", "member", member).withActorId(member.toString()));
    }

    @Override
    public void refused(Rule rule, Caller caller, UUID subject, ServerRequest request, Failure failure) {
        Reads.actionOf(rule)
                .ifPresent(action -> trail.recordRefusal(Reads.event(action, caller, subject, request)
                        .withOutcome("refused")
                        .withReason(failure.problem().slug())));
    }
}
