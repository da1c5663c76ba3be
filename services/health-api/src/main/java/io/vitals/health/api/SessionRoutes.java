package io.vitals.health.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.vitals.health.access.Call;
import io.vitals.health.access.MemberSessions;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.http.Replies;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** Where the caller is signed in. */
final class SessionRoutes {
    private final MemberSessions sessions;

    SessionRoutes(MemberSessions sessions) {
        this.sessions = sessions;
    }

    @JsonInclude(JsonInclude.Include.ALWAYS)
    private record View(
            String id,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("last_seen_at") Instant lastSeenAt,
            @JsonProperty("expires_at") Instant expiresAt,
            @Nullable String browser,
            boolean current) {}

    private record All(List<View> sessions) {}

    void list(Call call) {
        Replies.json(
                call.response(),
                200,
                new All(sessions.of(call.caller()).stream()
                        .map(s -> new View(
                                s.id(), s.createdAt(), s.lastSeenAt(), s.expiresAt(), s.browser(), s.current()))
                        .toList()));
    }

    void end(Call call) {
        if (!sessions.end(
                call.caller().member(), call.request().path().pathParameters().get("id"))) {
            throw new CommonFailure.NotFound().toException();
        }
        Replies.empty(call.response(), 204);
    }
}
