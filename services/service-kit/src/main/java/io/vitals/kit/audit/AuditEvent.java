package io.vitals.kit.audit;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.UUID;

/**
 * One entry of the audit log. All parts but the ids are codes, so that neither a token nor a health value can get in: {@code [a-z][a-z0-9_.-]*}
 * of 64 characters at most, ids {@code [A-Za-z0-9._:-]+} of 100. Looked at by character, since each read makes several of these.
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
    private static final int LONGEST_CODE = 64;
    private static final int LONGEST_ID = 100;

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
        boolean good = !value.isEmpty() && value.length() <= LONGEST_CODE && small(value.charAt(0));
        for (int i = 1; good && i < value.length(); i++) {
            char c = value.charAt(i);
            good = small(c) || digit(c) || c == '_' || c == '.' || c == '-';
        }
        if (!good) {
            throw new IllegalArgumentException(field + " is not a code");
        }
    }

    private static void id(String field, @Nullable String value) {
        if (value == null) {
            return;
        }
        boolean good = !value.isEmpty() && value.length() <= LONGEST_ID;
        for (int i = 0; good && i < value.length(); i++) {
            char c = value.charAt(i);
            good = small(c) || (c >= 'A' && c <= 'Z') || digit(c) || c == '.' || c == '_' || c == ':' || c == '-';
        }
        if (!good) {
            throw new IllegalArgumentException(field + " is not an id");
        }
    }

    private static boolean small(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
