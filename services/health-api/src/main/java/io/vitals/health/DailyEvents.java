package io.vitals.health;

import io.vitals.health.daily.DailyChange;
import io.vitals.health.daily.DailyRecords;
import io.vitals.health.page.LiveEvents;
import io.vitals.kit.json.Json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Changes of the daily records as events of the page. The page hears of links of WHOOP only. */
record DailyEvents(DailyRecords records) implements LiveEvents.Source {
    @Override
    public List<LiveEvents.Event> since(UUID member, long after) {
        return records.changesSince(member, after).stream()
                .map(DailyEvents::event)
                .toList();
    }

    @Override
    public long newest(UUID member) {
        return records.newestChange(member);
    }

    private static LiveEvents.Event event(DailyChange change) {
        return switch (change) {
            case DailyChange.Day day ->
                new LiveEvents.Event(
                        day.number(), "day", json(Map.of("date", day.date().toString(), "version", day.version())));
            case DailyChange.Link link ->
                new LiveEvents.Event(
                        link.number(),
                        link.source().equals("whoop") ? "link" : "source",
                        json(Map.of("source", link.source(), "state", link.state())));
        };
    }

    private static String json(Map<String, ?> data) {
        return new String(Json.write(data), StandardCharsets.UTF_8);
    }
}
