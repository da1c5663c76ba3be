package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An answer before it is written, so that a fault can still spoil it. */
record Reply(int status, String contentType, Map<String, String> headers, String body) {

    static Reply json(int status, JsonNode body) {
        try {
            return new Reply(
                    status, "application/json;charset=UTF-8", Map.of(), WhoopJson.MAPPER.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** WHOOP does not specify its error bodies; these differ on purpose so that nobody comes to rely on them. */
    static Reply error(int status) {
        return switch (status) {
            case 400 -> json(400, WhoopJson.object().put("message", "Bad Request"));
            case 401 -> new Reply(401, "text/plain", Map.of(), "Authorization was not valid");
            case 403 -> json(403, WhoopJson.object().put("error", "insufficient_scope"));
            case 404 -> empty(404);
            case 429 -> new Reply(429, "text/plain", Map.of(), "Too Many Requests");
            default -> new Reply(status, "text/html", Map.of(), "<html><body><h1>" + status + "</h1></body></html>");
        };
    }

    static Reply empty(int status) {
        return new Reply(status, "", Map.of(), "");
    }

    static Reply html(int status, String page) {
        return new Reply(status, "text/html;charset=UTF-8", Map.of("Cache-Control", "no-store"), page);
    }

    static Reply seeOther(String location) {
        return new Reply(303, "", Map.of("Location", location, "Cache-Control", "no-store"), "");
    }

    Reply with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Reply(status, contentType, Map.copyOf(all), body);
    }

    Reply withBody(String other) {
        return new Reply(status, contentType, headers, other);
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
