package io.vitals.whoop.support;

import java.util.UUID;

/** Webhook bodies as WHOOP writes them. */
public final class EventBodies {
    private EventBodies() {}

    public static String event(long userId, UUID id, String type, UUID trace) {
        return "{\"user_id\":" + userId + ",\"id\":\"" + id + "\",\"type\":\"" + type + "\",\"trace_id\":\"" + trace
                + "\"}";
    }
}
