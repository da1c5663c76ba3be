package io.vitals.journey.oncall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.runbooks.incident.IncidentDraft;
import io.vitals.runbooks.incident.IncidentFolder;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OnCallTest {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final Pattern COMMAND =
            Pattern.compile("```sh\njava -jar services/on-call/target/on-call\\.jar (acknowledge .*)\n```");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder;

    private OnCallProcess onCall;

    @BeforeEach
    void start() throws IOException {
        onCall = new OnCallProcess(folder);
    }

    @AfterEach
    void stop() {
        onCall.close();
    }

    /** From a real Alertmanager to the record: paged, joined, answered, and over while nobody was there to hear it. */
    @Test
    void whatAlertmanagerPagesIsAnIncidentUntilItIsOver() throws Exception {
        try (var alertmanager = new PagingAlertmanager(folder, onCall)) {
            alertmanager.fire("ServiceDown");
            until(() -> assertThat(onCall.open()).hasSize(1));
            String id = onCall.open().getFirst().path("id").asText();
            assertThat(onCall.metrics()).doesNotContain("oncall_incident_acked{");

            alertmanager.fire("TrafficStopped");
            until(() -> assertThat(onCall.open().getFirst().path("alerts")).hasSize(2));
            assertThat(onCall.open()).hasSize(1);
            // As the page says.
            var command = COMMAND.matcher(Files.readString(Path.of("../../docs/monitoring/on-call.md")));
            assertThat(command.find()).isTrue();
            assertThat(onCall.run(command.group(1).split(" ", -1)).output()).contains(id + ": acknowledged by primary");
            // What keeps the rule of the escalation silent.
            assertThat(onCall.metrics())
                    .contains(
                            "oncall_incident_acked{alertname=\"ServiceDown\",service_id=\"health-api\",} 1.0",
                            "oncall_incident_acked{alertname=\"TrafficStopped\",service_id=\"health-api\",} 1.0");

            onCall.kill();
            alertmanager.clear("ServiceDown");
            alertmanager.clear("TrafficStopped");
            onCall.restart();
            until(() -> assertThat(onCall.open()).isEmpty());
            Path file = onCall.incidents().resolve(id + ".json");
            JsonNode kept = MAPPER.readTree(file.toFile());
            assertThat(kept.path("state").asText()).isEqualTo("resolved");
            assertThat(kept.path("acknowledged_by").asText()).isEqualTo("primary");
            assertThat(kept.path("page").asText()).isEqualTo("production/health-api/");
            assertThat(kept.path("timeline")
                            .valueStream()
                            .map(entry -> entry.path("event").asText()))
                    .startsWith("fired", "fired", "acknowledged")
                    .endsWith("resolved");
            assertThat(kept.toString()).doesNotContain("7f9c");
            // It is what people begin their record with.
            IncidentDraft.Draft draft = IncidentDraft.of(Files.readString(file), List.of());
            assertThat(draft.id()).isEqualTo(id);
            assertThat(IncidentFolder.findings(Path.of("../.."), id, draft.text()))
                    .isEmpty();
            assertThat(draft.text()).contains("acknowledged_by: primary", "alerts: [ServiceDown, TrafficStopped]");
            assertThat(onCall.metrics()).doesNotContain("oncall_incident_acked{");
        }
    }

    /** Killed while it writes, again and again: what was answered is there, and nothing is half there. */
    @Test
    void whatWasAnsweredIsThereAfterAKill() throws Exception {
        List<String> answered = new CopyOnWriteArrayList<>();
        for (int round = 0; round < 3; round++) {
            int first = round * 1000;
            int before = answered.size();
            var pages = CompletableFuture.runAsync(() -> pageUntilKilled(first, answered));
            until(() -> assertThat(answered).hasSizeGreaterThan(before + 30));
            onCall.kill();
            pages.join();
            onCall.restart();
            assertThat(onCall.metrics()).contains("oncall_incident_files_unreadable 0.0");
            var kept = new ArrayList<String>();
            try (Stream<Path> files = Files.list(onCall.incidents())) {
                for (Path file : files.filter(path -> !path.endsWith(".lock")).toList()) {
                    kept.add(MAPPER.readTree(file.toFile()).path("id").asText());
                }
            }
            assertThat(kept).containsAll(answered);
            // At most the one that was being told of came through without its answer.
            assertThat(kept.size() - answered.size()).isBetween(0, round + 1);
        }
    }

    private void pageUntilKilled(int first, List<String> answered) {
        try {
            for (int i = first; ; i++) {
                answered.add(onCall.page("group-" + i));
            }
        } catch (IOException e) {
            // It is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aSecondProcessDoesNotTouchItsIncidents() throws Exception {
        assertThat(onCall.run("serve").code()).isEqualTo(1);
        assertThat(onCall.page("group")).isNotEmpty();
        assertThat(onCall.run("health").output()).contains("on-call: ok");
    }

    private static void until(ThrowingRunnable holds) {
        await().atMost(LONGEST).pollInterval(Duration.ofMillis(50)).untilAsserted(holds);
    }
}
