package io.vitals.sandbox.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.helidon.webserver.http.ServerResponse;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Answers in the forms that the simulators give. */
public final class Answers {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Answers() {}

    /** Answers with JSON; the body is what Jackson writes: maps, lists, records, trees. */
    public static void json(ServerResponse response, int status, Object body) {
        try {
            response.status(status)
                    .header("Content-Type", "application/json")
                    .header("Cache-Control", "no-store")
                    .send(JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void html(ServerResponse response, int status, String contentSecurityPolicy, String page) {
        response.status(status)
                .header("Content-Type", "text/html; charset=utf-8")
                .header("Cache-Control", "no-store")
                .header("Content-Security-Policy", contentSecurityPolicy)
                .header("Referrer-Policy", "no-referrer")
                .header("X-Content-Type-Options", "nosniff")
                .send(page.getBytes(StandardCharsets.UTF_8));
    }

    /** See Other: the browser goes on with a GET. */
    public static void redirect(ServerResponse response, String location) {
        response.status(303)
                .header("Location", location)
                .header("Cache-Control", "no-store")
                .header("Referrer-Policy", "no-referrer")
                .send();
    }

    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
