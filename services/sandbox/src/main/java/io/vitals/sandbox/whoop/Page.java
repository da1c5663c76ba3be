package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * What a caller asks of a collection: records that start at or after {@code start} and before {@code end}, newest first,
 * after the place that the token names.
 *
 * @param query start and end as they were sent; a token is good for them only
 */
record Page(
        int limit,
        @Nullable Instant start,
        Instant end,
        @Nullable Place after,
        String query) {
    static final int MAX = 25;
    private static final int DEFAULT = 10;

    /** The last record of a page. */
    record Place(Instant start, String id) {}

    /** A parameter that the API refuses with 400. */
    static final class BadParameter extends Exception {
        private static final long serialVersionUID = 1;

        BadParameter(String why) {
            super(why);
        }
    }

    static Page parse(Function<String, @Nullable String> parameters, Instant now) throws BadParameter {
        String start = parameters.apply("start");
        String end = parameters.apply("end");
        int limit = limit(parameters.apply("limit"));
        Instant from = start == null ? null : instant("start", start);
        Instant until = end == null ? now : instant("end", end);
        Page first = new Page(limit, from, until, null, start + " " + end);
        String token = parameters.apply("nextToken");
        return token == null || token.isEmpty() ? first : first.from(token);
    }

    /** The records of this page and the token of the next. */
    <T> ObjectNode cut(
            List<T> records, Function<T, Instant> startOf, Function<T, String> idOf, Function<T, ObjectNode> json) {
        List<T> left = records.stream()
                .filter(r -> start == null || !startOf.apply(r).isBefore(start))
                .filter(r -> startOf.apply(r).isBefore(end))
                .filter(r -> after == null || isAfter(startOf.apply(r), idOf.apply(r), after))
                .sorted(Comparator.comparing(startOf).reversed().thenComparing(idOf))
                .limit(limit + 1L)
                .toList();
        ObjectNode page = WhoopJson.object();
        ArrayNode array = page.putArray("records");
        left.stream().limit(limit).map(json).forEach(array::add);
        if (left.size() > limit) {
            T last = left.get(limit - 1);
            page.put("next_token", token(new Place(startOf.apply(last), idOf.apply(last))));
        } else {
            page.putNull("next_token");
        }
        return page;
    }

    private static boolean isAfter(Instant start, String id, Place place) {
        int order = start.compareTo(place.start);
        return order < 0 || (order == 0 && id.compareTo(place.id) > 0);
    }

    private String token(Place last) {
        String text = String.join("|", last.start.toString(), last.id, end.toString(), query);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The end is taken from the token: without one in the query it was "now" when the first page was read. */
    private Page from(String token) throws BadParameter {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            String[] parts = text.split("\\|", 4);
            if (parts.length != 4 || !parts[3].equals(query)) {
                throw new BadParameter("nextToken");
            }
            return new Page(limit, start, Instant.parse(parts[2]), new Place(Instant.parse(parts[0]), parts[1]), query);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new BadParameter("nextToken");
        }
    }

    private static int limit(@Nullable String text) throws BadParameter {
        if (text == null) {
            return DEFAULT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw new BadParameter("limit");
        }
        throw new BadParameter("limit");
    }

    private static Instant instant(String name, String text) throws BadParameter {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new BadParameter(name);
        }
    }
}
