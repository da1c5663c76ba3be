package io.vitals.whoop.internal;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.http.CommonFailure;
import io.vitals.whoop.model.MemberId;
import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads what callers pass, and refuses by name what does not fit. */
final class Input {
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private static final Pattern BINDING = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int MOST_DAYS = 400;

    private Input() {}

    /** A range of days, both ends included. */
    record Range(LocalDate from, LocalDate to) {}

    static MemberId member(ServerRequest request) {
        return new MemberId(uuid("member", request.path().pathParameters().get("member")));
    }

    static UUID uuid(String field, @Nullable String text) {
        if (text == null || !UUID_TEXT.matcher(text).matches()) {
            throw refuse(field, "is not a UUID");
        }
        return UUID.fromString(text);
    }

    static String binding(@Nullable String text) {
        if (text == null || !BINDING.matcher(text).matches()) {
            throw refuse("session_binding", "is not a SHA-256 in base64url");
        }
        return text;
    }

    static Range range(ServerRequest request) {
        LocalDate from = date(request, "from");
        LocalDate to = date(request, "to");
        if (to.isBefore(from)) {
            throw refuse("to", "is before from");
        } else if (ChronoUnit.DAYS.between(from, to) >= MOST_DAYS) {
            throw refuse("to", "is more than " + MOST_DAYS + " days from from");
        }
        return new Range(from, to);
    }

    private static LocalDate date(ServerRequest request, String name) {
        try {
            LocalDate date = LocalDate.parse(text(request, name, ""));
            if (date.getYear() < 1970 || date.getYear() > 9999) {
                throw refuse(name, "is out of range");
            }
            return date;
        } catch (DateTimeException _) {
            throw refuse(name, "is not a date");
        }
    }

    static int number(ServerRequest request, String name, int otherwise, int least, int most) {
        String text = text(request, name, Integer.toString(otherwise));
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw refuse(name, "is not a number from " + least + " to " + most);
        }
        return Integer.parseInt(text);
    }

    static String text(ServerRequest request, String name, String otherwise) {
        return request.query().first(name).orElse(otherwise);
    }

    static RuntimeException refuse(String field, String why) {
        return new CommonFailure.InvalidInput(field, why).toException();
    }
}
