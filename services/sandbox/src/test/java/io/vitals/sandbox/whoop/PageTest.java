package io.vitals.sandbox.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

class PageTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);

    /** A record with an id that may share its start with others. */
    private record Item(long second, int id) {
        Instant start() {
            return Instant.ofEpochSecond(second);
        }
    }

    @Property(tries = 300)
    void pagesTogetherHoldExactlyTheRangeNewestFirst(
            @ForAll @Size(max = 80) List<@IntRange(min = 0, max = 60) Integer> seconds,
            @ForAll @IntRange(min = 1, max = 25) int limit,
            @ForAll @IntRange(min = -1, max = 60) int start,
            @ForAll @IntRange(min = -1, max = 61) int end)
            throws Exception {
        List<Item> items = new ArrayList<>();
        for (int second : seconds) {
            items.add(new Item(second, items.size()));
        }
        Map<String, String> query = new TreeMap<>(Map.of("limit", Integer.toString(limit)));
        if (start >= 0) {
            query.put("start", Instant.ofEpochSecond(start).toString());
        }
        if (end >= 0) {
            query.put("end", Instant.ofEpochSecond(end).toString());
        }
        List<Item> expected = items.stream()
                .filter(i -> start < 0 || i.second >= start)
                .filter(i -> end < 0 || i.second < end)
                .sorted(Comparator.comparingLong(Item::second).reversed().thenComparing(i -> Integer.toString(i.id)))
                .toList();
        List<Item> read = new ArrayList<>();
        boolean more = true;
        while (more) {
            ObjectNode page = Page.parse(query::get, NOW)
                    .cut(
                            items,
                            Item::start,
                            i -> Integer.toString(i.id),
                            i -> WhoopJson.object().put("id", i.id));
            assertThat(page.get("records").size()).isLessThanOrEqualTo(limit);
            for (JsonNode record : page.get("records")) {
                read.add(items.get(record.get("id").asInt()));
            }
            more = !page.get("next_token").isNull();
            if (more) {
                assertThat(page.get("records").size()).isEqualTo(limit);
                query.put("nextToken", page.get("next_token").asText());
            }
        }
        assertThat(read).isEqualTo(expected);
    }
}
