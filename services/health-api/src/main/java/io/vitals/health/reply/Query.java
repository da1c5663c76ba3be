package io.vitals.health.reply;

import io.helidon.webserver.http.ServerRequest;
import io.vitals.kit.http.CommonFailure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads parameters of a request; what is wrong is answered with 400 and the parameter's name. */
public final class Query {
    private static final int LONGEST = 4096;
    private static final int ISO_DATE = 10;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Query() {}

    /** The parameter, if it was given. Given twice it is refused: two readers could take different ones. */
    public static Optional<String> text(ServerRequest request, String name) {
        List<String> values = request.query().all(name, List::of);
        if (values.size() > 1) {
            throw invalid(name, "must be given once");
        }
        if (!values.isEmpty() && values.getFirst().length() > LONGEST) {
            throw invalid(name, "is too long");
        }
        return values.stream().findFirst();
    }

    public static Optional<LocalDate> date(ServerRequest request, String name) {
        return text(request, name).map(value -> date(name, value));
    }

    /** A date in the form 2026-11-22, in a year from 2000 to 2199. */
    public static LocalDate date(String name, String value) {
        try {
            LocalDate date = LocalDate.parse(value);
            if (value.length() == ISO_DATE && date.getYear() >= 2000 && date.getYear() < 2200) {
                return date;
            }
        } catch (DateTimeException e) {
            // Said below, without the value.
        }
        throw invalid(name, "must be a date such as 2026-11-22");
    }

    /** A time in the form 2026-11-22T06:00:00Z, or with another offset. */
    public static Optional<Instant> instant(ServerRequest request, String name) {
        return text(request, name).map(value -> {
            try {
                Instant time = OffsetDateTime.parse(value).toInstant();
                if (time.isAfter(EARLIEST) && time.isBefore(LATEST)) {
                    return time;
                }
            } catch (DateTimeException e) {
                // Said below, without the value.
            }
            throw invalid(name, "must be a time such as 2026-11-22T06:00:00Z");
        });
    }

    public static Optional<UUID> uuid(ServerRequest request, String name) {
        return text(request, name).map(value -> uuid(value).orElseThrow(() -> invalid(name, "must be a UUID")));
    }

    /** The UUID of a text; empty when it is none. */
    public static Optional<UUID> uuid(String text) {
        return UUID_TEXT.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    public static Optional<Integer> number(ServerRequest request, String name, int least, int most) {
        return text(request, name).map(value -> {
            if (value.matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw invalid(name, "must be a number from " + least + " to " + most);
        });
    }

    private static RuntimeException invalid(String name, String why) {
        return new CommonFailure.InvalidInput(name, why).toException();
    }
}
