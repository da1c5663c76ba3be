package io.vitals.whoop.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import io.vitals.kit.tracing.Handover;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A webhook's content.
 *
 * @param objectId sleep or workout concerned; for a recovery its sleep
 * @param type WHOOP's word for what happened, perhaps one we do not know
 * @param sentAt when it was signed
 * @param traceparent where our own trace stood when it came in; null if it has none
 */
record Event(
        String traceId,
        long whoopUserId,
        UUID objectId,
        String type,
        Instant sentAt,
        @Nullable String traceparent) {
    /** An id goes into a path of a call with the member's token, so nothing but a UUID will do. */
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    static final Pattern TRACE_ID = Pattern.compile("[A-Za-z0-9._:-]{1,100}");
    private static final Pattern TYPE = Pattern.compile("[a-z_]{1,40}\\.[a-z_]{1,40}");

    /** Empty if the body is not a well-formed event. */
    static Optional<Event> read(byte[] body, Instant sentAt) {
        JsonNode json;
        try {
            json = Json.tree(body);
        } catch (MalformedJsonException _) {
            return Optional.empty();
        }
        JsonNode user = json.path("user_id");
        String id = json.path("id").textValue();
        String trace = json.path("trace_id").textValue();
        String type = json.path("type").textValue();
        boolean wellFormed = user.isIntegralNumber()
                && user.canConvertToLong()
                && user.longValue() > 0
                && id != null
                && trace != null
                && type != null
                && UUID_TEXT.matcher(id).matches()
                && TRACE_ID.matcher(trace).matches()
                && TYPE.matcher(type).matches();
        return wellFormed
                ? Optional.of(new Event(trace, user.longValue(), UUID.fromString(id), type, sentAt, Handover.current()))
                : Optional.empty();
    }
}
