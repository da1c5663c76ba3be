package io.vitals.health.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.vitals.health.access.Call;
import io.vitals.health.daily.DailyRecords;
import io.vitals.health.daily.DayDocument;
import io.vitals.health.daily.DayPage;
import io.vitals.health.daily.Explanation;
import io.vitals.health.daily.Overview;
import io.vitals.health.daily.Refresh;
import io.vitals.health.reply.Payload;
import io.vitals.health.reply.Query;
import io.vitals.kit.http.CommonFailure;
import io.vitals.kit.json.Json;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** The merged days and their summaries, from stored rows; only a refresh asks the sources. */
final class DayRoutes {
    /** Health data may be kept by the browser of its owner, and is asked about again each time. */
    private static final String CACHING = "private, no-cache";

    private static final int USUAL_DAYS = 30;

    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

    private final DailyRecords daily;
    private final Refresh refresh;
    private final ServedDays served;
    private final Clock clock;

    DayRoutes(DailyRecords daily, Refresh refresh, MeterRegistry registry, Clock clock) {
        this.daily = daily;
        this.refresh = refresh;
        this.served = new ServedDays(registry, clock);
        this.clock = clock;
    }

    void range(Call call) {
        UUID member = call.subject();
        LocalDate to = Query.date(call.request(), "to").orElseGet(() -> daily.today(member));
        LocalDate from = Query.date(call.request(), "from").orElseGet(() -> to.minusDays(USUAL_DAYS - 1L));
        int limit =
                Query.number(call.request(), "limit", 1, DailyRecords.MAX_PAGE).orElse(DailyRecords.MAX_PAGE);
        LocalDate start = Query.date(call.request(), "cursor").orElse(from);
        if (from.isAfter(to)) {
            throw new CommonFailure.InvalidInput("from", "must not be after to").toException();
        }
        if (ChronoUnit.DAYS.between(from, to) >= DailyRecords.MAX_PAGE) {
            throw new CommonFailure.InvalidInput("from", "must be within " + DailyRecords.MAX_PAGE + " days of to")
                    .toException();
        }
        if (start.isBefore(from) || start.isAfter(to)) {
            throw new CommonFailure.InvalidInput("cursor", "does not belong to this range").toException();
        }
        DayPage page = daily.range(member, start, to, limit);
        served.served(ServedDays.Kind.RANGE, page.freshness());
        Payload.json(page.json(), page.etag()).send(call.request(), call.response(), 200, CACHING);
    }

    void day(Call call) {
        LocalDate date =
                Query.date("date", call.request().path().pathParameters().get("date"));
        UUID member = call.subject();
        Optional<DayDocument> found = daily.day(member, date);
        refresh.askedFor(member, date, found);
        DayDocument day = found.orElseThrow(() -> new CommonFailure.NotFound().toException());
        served.served(ServedDays.Kind.DAY, day.freshness());
        Payload.json(day.json(), day.etag()).send(call.request(), call.response(), 200, CACHING);
    }

    /** Never kept: it says what became of this one request. */
    void refresh(Call call) {
        UUID member = call.subject();
        LocalDate date = Query.date(call.request(), "date").orElseGet(() -> daily.today(member));
        Instant start = clock.instant();
        Refresh.Report report;
        try {
            report = refresh.refresh(member, date);
        } catch (Refresh.NothingStoredException e) {
            served.refused(Duration.between(start, clock.instant()));
            throw new CommonFailure.Unavailable(
                            "No source could be reached, and nothing is stored of this day.", ASK_AGAIN)
                    .toException(e);
        }
        served.refreshed(report);
        Payload.json(RefreshView.write(report)).send(call.request(), call.response(), 200, "no-store");
    }

    void explain(Call call) {
        LocalDate date =
                Query.date("date", call.request().path().pathParameters().get("date"));
        Explanation explanation =
                daily.explain(call.subject(), date).orElseThrow(() -> new CommonFailure.NotFound().toException());
        byte[] body = Json.write(explanation);
        Payload.json(body, Payload.tagOf(body)).send(call.request(), call.response(), 200, CACHING);
    }

    void overview(Call call) {
        UUID member = call.subject();
        String period = Query.text(call.request(), "period").orElse("today");
        LocalDate date = switch (period) {
            case "today" -> daily.today(member);
            case "yesterday" -> daily.today(member).minusDays(1);
            default -> Query.date("period", period);
        };
        Overview overview = daily.overview(member, date);
        ObjectNode content = Json.mapper().valueToTree(overview);
        byte[] body = Json.write(content);
        served.served(ServedDays.Kind.OVERVIEW, overview.freshness());
        // How long this answer took is no part of what it says, so its tag is a weak one.
        if (content.get("processing_stats") instanceof ObjectNode stats) {
            stats.remove("duration_ms");
        }
        Payload.json(body, Payload.weakTagOf(Json.write(content))).send(call.request(), call.response(), 200, CACHING);
    }

    void sources(Call call) {
        byte[] body = Json.write(daily.sources(call.subject()));
        Payload.json(body, Payload.tagOf(body)).send(call.request(), call.response(), 200, CACHING);
    }
}
