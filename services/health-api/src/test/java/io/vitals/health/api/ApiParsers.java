package io.vitals.health.api;

import io.vitals.health.reply.Query;
import io.vitals.health.testing.Parser;
import io.vitals.health.testing.Requests;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What reads queries. */
public final class ApiParsers {
    private ApiParsers() {}

    public static List<Parser> all() {
        return List.of(
                bytes -> Query.date("date", text(bytes)),
                bytes -> Query.instant(Requests.query("from=" + encoded(bytes)), "from"),
                bytes -> Query.uuid(Requests.query("subject=" + encoded(bytes)), "subject"),
                bytes -> Query.number(Requests.query("limit=" + encoded(bytes)), "limit", 1, 400),
                bytes -> QueryParameters.check(Requests.query(ascii(bytes)), Set.of("from", "to")));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String encoded(byte[] bytes) {
        return URLEncoder.encode(text(bytes), StandardCharsets.UTF_8);
    }

    /** What a listener lets through: no space, and no half an escape. */
    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .replaceAll("[^!-~]", "")
                .replaceAll("%(?![0-9A-Fa-f]{2})", "");
    }
}
