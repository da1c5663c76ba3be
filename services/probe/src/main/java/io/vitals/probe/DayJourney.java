package io.vitals.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.config.Secret;
import io.vitals.probe.browser.Answer;
import io.vitals.probe.browser.Browser;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** A program reads the last week with its API key, and the newest day of it. */
record DayJourney(Target target, Secret key, Clock clock) implements Journey {
    private static final int DAYS = 7;

    @Override
    public String name() {
        return "day";
    }

    @Override
    public List<String> steps() {
        return List.of("range", "day");
    }

    @Override
    public void walk(Walk walk, Browser browser) {
        LocalDate to = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate from = to.minusDays(DAYS - 1L);
        JsonNode days = walk.step("range", () -> {
            JsonNode page =
                    read(browser, "?from=" + from + "&to=" + to).expect(200).json();
            Target.require(page.path("days").isArray());
            page.path("days").forEach(day -> Target.require(isWithin(day.path("date"), from, to)));
            return page.path("days");
        });
        walk.act("day", () -> {
            String date = days.isEmpty()
                    ? to.toString()
                    : days.get(days.size() - 1).path("date").asText();
            Answer day = read(browser, "/" + date);
            if (days.isEmpty()) {
                // The week holds nothing, so neither does its last day.
                day.expect(404);
            } else {
                Target.require(date.equals(day.expect(200).json().path("date").asText()));
            }
        });
    }

    private Answer read(Browser browser, String which) {
        return browser.get(target.at(Target.MINE + "/days" + which), "Authorization", "Bearer " + key.reveal());
    }

    private static boolean isWithin(JsonNode date, LocalDate from, LocalDate to) {
        try {
            LocalDate day = LocalDate.parse(date.asText());
            return !day.isBefore(from) && !day.isAfter(to);
        } catch (DateTimeException _) {
            return false;
        }
    }
}
