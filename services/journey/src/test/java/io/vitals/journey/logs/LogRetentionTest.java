package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A real Loki deletes lines of each class when their days are over, and keeps those of the days before. */
@Tag("drill")
class LogRetentionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern DELETED =
            Pattern.compile("retention_sweeper_chunk_deleted_duration_seconds_count\\{[^}]*status=\"success\"} 4\\n");
    private static final Map<String, Integer> DAYS = Map.of("INFO", 30, "ERROR", 90, "DEBUG", 3, "audit", 400);

    private final Instant now = Instant.now();

    private record Kept(String kind, int daysAgo) {}

    @Test
    void eachClassIsKeptForItsDaysAndNoLonger(@TempDir Path folder) throws Exception {
        List<Kept> kept = DAYS.entrySet().stream()
                .map(days -> new Kept(days.getKey(), days.getValue() - 1))
                .toList();
        List<Kept> over = DAYS.entrySet().stream()
                .map(days -> new Kept(days.getKey(), days.getValue() + 2))
                .toList();
        try (RunningLoki loki = loki(folder)) {
            assertThat(spans(loki))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "", "30d",
                            "{class=\"audit\"}", "400d",
                            "{level=\"DEBUG\"}", "3d",
                            "{level=\"ERROR\"}", "90d"));
            loki.push(kept.stream().map(this::line).toList());
            loki.push(over.stream().map(this::line).toList());
            loki.flush();
            await("all can be found").atMost(PATIENCE).untilAsserted(() -> {
                assertThat(found(loki, kept)).hasSize(4);
                assertThat(found(loki, over)).hasSize(4);
            });
        }
        // An index is passed on every quarter of an hour, or when it starts.
        try (RunningLoki loki = loki(folder)) {
            await("four chunks are deleted")
                    .atMost(PATIENCE)
                    .until(() -> DELETED.matcher(loki.read("/metrics")).find());
            assertThat(found(loki, over)).isEmpty();
            assertThat(found(loki, kept)).hasSize(4);
            assertThat(loki.read("/compactor/ring").split(">ACTIVE<", -1))
                    .as("there is one compactor")
                    .hasSize(2);
        }
    }

    private static RunningLoki loki(Path folder) throws IOException {
        return new RunningLoki(folder, new YAMLMapper().createObjectNode(), LogRetentionTest::hurried);
    }

    /** The days are what they are; only that it looks more often, and takes lines that are old. */
    private static void hurried(ObjectNode config) {
        ((ObjectNode) config.path("compactor")).put("compaction_interval", "2s").put("retention_delete_delay", "1s");
        ((ObjectNode) config.path("limits_config")).put("reject_old_samples", false);
        ((ObjectNode) config.at("/schema_config/configs/0")).put("from", "2024-01-01");
        config.putObject("storage_config").putObject("tsdb_shipper").put("resync_interval", "1s");
    }

    private static Map<String, String> spans(RunningLoki loki) throws IOException, InterruptedException {
        JsonNode limits = new YAMLMapper().readTree(loki.read("/config")).path("limits_config");
        var spans = new TreeMap<String, String>();
        spans.put("", limits.path("retention_period").asText());
        limits.path("retention_stream")
                .forEach(stream -> spans.put(
                        stream.path("selector").asText(), stream.path("period").asText()));
        return spans;
    }

    private LogLine line(Kept what) {
        var labels = new TreeMap<>(Map.of("level", what.kind(), "kept", what.toString()));
        if (what.kind().equals("audit")) {
            // The longer of the two is what counts.
            labels.put("class", "audit");
            labels.put("level", "DEBUG");
        }
        return new LogLine(labels, Map.of(), now.minus(Duration.ofDays(what.daysAgo())), what.toString());
    }

    private List<String> found(RunningLoki loki, List<Kept> lines) throws IOException, InterruptedException {
        var found = new ArrayList<String>();
        for (Kept line : lines) {
            Instant at = now.minus(Duration.ofDays(line.daysAgo()));
            found.addAll(loki.lines("{kept=\"" + line + "\"}", at.minusSeconds(60), at.plusSeconds(60)));
        }
        return found;
    }
}
