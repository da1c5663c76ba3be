package io.vitals.kit.audit;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One entry of the audit log. All parts but the ids are codes, so that neither a token nor a health value can get in.
 *
 * @param action what was done, such as {@code link.revoked}
 * @param actor what kind of caller did it: {@code system}, {@code whoop}, {@code member} or {@code operator}, for example
 * @param actorId which one: id of a member, of an API key; null when the kind says it all
 * @param member whose data it was; null when no member is concerned or known
 * @param purpose code of what for; null when the action says it
 * @param object id of the record, event or key concerned
 * @param outcome code of how it ended
 * @param reason code that says why; null when there is nothing to say
 */
public record AuditEvent(
        String action,
        String actor,
        @Nullable String actorId,
        @Nullable UUID member,
        @Nullable String purpose,
        @Nullable String object,
        String outcome,
        @Nullable String reason) {
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");
    private static final Pattern OBJECT = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

    public AuditEvent {
        code("action", action);
        code("actor", actor);
        code("outcome", outcome);
        if (purpose != null) {
            code("purpose", purpose);
        }
        if (reason != null) {
            code("reason", reason);
        }
        id("actor_id", actorId);
        id("object", object);
    }

    /** An event without object or reason that went well. */
    public static AuditEvent of(String action, String actor, @Nullable UUID member) {
        return new AuditEvent(action, actor, null, member, null, null, "success", null);
    }

    public AuditEvent withActorId(@Nullable String id) {
        return new AuditEvent(action, actor, id, member, purpose, object, outcome, reason);
    }

    public AuditEvent withPurpose(@Nullable String code) {
        return new AuditEvent(action, actor, actorId, member, code, object, outcome, reason);
    }

    public AuditEvent withObject(@Nullable String id) {
        return new AuditEvent(action, actor, actorId, member, purpose, id, outcome, reason);
    }

    public AuditEvent withReason(@Nullable String code) {
        return new AuditEvent(action, actor, actorId, member, purpose, object, outcome, code);
    }

    public AuditEvent withOutcome(String code) {
        return new AuditEvent(action, actor, actorId, member, purpose, object, code, reason);
    }

    private static void code(String field, String value) {
        Objects.requireNonNull(value, field);
        if (!CODE.matcher(value).matches()) {
            throw new IllegalArgumentException(field + " is not a code");
        }
    }

    private static void id(String field, @Nullable String value) {
        if (value != null && !OBJECT.matcher(value).matches()) {
            throw new IllegalArgumentException(field + " is not an id");
        }
    }
}
