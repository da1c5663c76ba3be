package io.vitals.oncall;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import static io.vitals.oncall.Bridge.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class NotificationsTest {
    private static final Instant SINCE = NOON.minusSeconds(90);

    @TempDir
    Path folder;

    private Bridge bridge;

    @BeforeEach
    void start() throws IOException {
        bridge = new Bridge(folder);
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void anIncidentIsOpenedByThePageGrowsAndIsOverWithItsAlerts() {
        String id = bridge.tell(Told.about("health-api").fires("ServiceDown", SINCE))
                .incident();
        assertThat(id).startsWith("20261128-1158-");
        bridge.pass(Duration.ofMinutes(2));
        bridge.tell(Told.about("health-api").fires("ServiceDown", SINCE).fires("High5xxRatio", NOON));
        bridge.acknowledge(id, "primary");
        bridge.pass(Duration.ofMinutes(8));
        bridge.tell(Told.about("health-api")
                .over("ServiceDown", SINCE, NOON.plusSeconds(300))
                .over("High5xxRatio", NOON, NOON.plusSeconds(400)));
        JsonNode incident = bridge.incident(id);
        assertThat(incident.path("state").asText()).isEqualTo("resolved");
        assertThat(incident.path("severity").asText()).isEqualTo("critical");
        assertThat(incident.path("page").asText()).isEqualTo("production/health-api/");
        assertThat(incident.path("started_at").asText()).isEqualTo("2026-11-28T11:58:30Z");
        assertThat(incident.path("notified_at").asText()).isEqualTo("2026-11-28T12:00:00Z");
        assertThat(incident.path("acknowledged_at").asText()).isEqualTo("2026-11-28T12:02:00Z");
        assertThat(incident.path("acknowledged_by").asText()).isEqualTo("primary");
        assertThat(incident.path("resolved_at").asText()).isEqualTo("2026-11-28T12:06:40Z");
        assertThat(timeline(incident))
                .containsExactly(
                        "12:00 fired ServiceDown",
                        "12:02 fired High5xxRatio",
                        "12:02 acknowledged primary",
                        "12:10 ended ServiceDown",
                        "12:10 ended High5xxRatio",
                        "12:10 resolved");
    }

    @Test
    void ofAnAlertOnlyWhatIsNamedIsKept() throws IOException {
        bridge.tell(Told.about("health-api").fires("ServiceDown", SINCE));
        String kept = Files.readString(onlyFile());
        assertThat(kept).contains("ServiceDown it is").doesNotContain("bpm", "mira@", "7f9c", "prometheus/graph");
        var names = new TreeSet<String>();
        Json.tree(kept.getBytes(StandardCharsets.UTF_8))
                .at("/alerts/0")
                .fieldNames()
                .forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "alertname",
                        "cluster",
                        "fingerprint",
                        "namespace",
                        "service_id",
                        "severity",
                        "slo",
                        "started_at",
                        "summary");
    }

    @Test
    void aRepetitionChangesNothing() throws IOException {
        Told told = Told.about("health-api").fires("ServiceDown", SINCE);
        Bridge.Answer first = bridge.tell(told);
        String kept = Files.readString(onlyFile());
        bridge.pass(Duration.ofMinutes(30));
        Bridge.Answer again = bridge.tell(told);
        assertThat(first.changed()).isTrue();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.changed()).isFalse();
        assertThat(again.incident()).isEqualTo(first.incident());
        assertThat(Files.readString(onlyFile())).isEqualTo(kept);
        Told over = Told.about("health-api").over("ServiceDown", SINCE, NOON);
        assertThat(bridge.tell(over).changed()).isTrue();
        assertThat(bridge.tell(over).changed()).isFalse();
        assertThat(bridge.metric("oncall.notifications"))
                .containsEntry("outcome=accepted", 2.0)
                .containsEntry("outcome=unchanged", 2.0);
    }

    @Test
    void anEndThatComesBeforeItsBeginningLeavesOneIncidentThatIsOver() {
        Bridge.Answer over = bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON));
        bridge.pass(Duration.ofMinutes(1));
        Bridge.Answer late = bridge.tell(Told.about("health-api").fires("ServiceDown", SINCE));
        assertThat(late.incident()).isEqualTo(over.incident());
        assertThat(late.changed()).isFalse();
        assertThat(open()).isEmpty();
        // Not so what began later.
        Bridge.Answer next = bridge.tell(Told.about("health-api").fires("ServiceDown", NOON.plusSeconds(30)));
        assertThat(next.incident()).isNotEqualTo(over.incident());
        assertThat(open()).containsExactly(next.incident());
    }

    /** As after a while in which Prometheus did not reach Alertmanager. */
    @Test
    void anAlertThatReturnsWithItsOldStartOpensItsIncidentAgain() {
        Told told = Told.about("health-api").fires("ServiceDown", SINCE);
        String id = bridge.tell(told).incident();
        bridge.acknowledge(id, "primary");
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON));
        bridge.pass(Bridge.SETTLE.minusSeconds(1));
        assertThat(bridge.tell(told).changed()).isFalse();
        bridge.pass(Duration.ofSeconds(1));
        assertThat(bridge.tell(told))
                .isEqualTo(new Bridge.Answer(
                        200,
                        Json.tree(
                                ("{\"incident\":\"" + id + "\",\"changed\":true}").getBytes(StandardCharsets.UTF_8))));
        JsonNode incident = bridge.incident(id);
        assertThat(incident.path("state").asText()).isEqualTo("open");
        assertThat(incident.has("acknowledged_at")).isFalse();
        assertThat(incident.path("reopened_at").asText()).isEqualTo("2026-11-28T12:10:00Z");
        assertThat(bridge.metric("oncall.incident.acked")).isEmpty();
        assertThat(bridge.acknowledge(id, "primary").changed()).isTrue();
    }

    @Test
    void twoGroupsAreTwoIncidents() {
        String one = bridge.tell(Told.about("health-api").fires("ServiceDown", SINCE))
                .incident();
        String other = bridge.tell(Told.about("whoop-service").fires("ServiceDown", SINCE))
                .incident();
        assertThat(open()).containsExactlyInAnyOrder(one, other);
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON));
        assertThat(open()).containsExactly(other);
        assertThat(bridge.metric("oncall.incidents.open"))
                .isEqualTo(Map.of(
                        "severity=critical",
                        1.0,
                        "severity=warning",
                        0.0,
                        "severity=info",
                        0.0,
                        "severity=other",
                        0.0));
    }

    @Test
    void whatIsAboveTheBoundsIsCounted() {
        Told many = Told.about("health-api");
        for (int i = 0; i < Bridge.ALERTS + 2; i++) {
            many.fires("Alert" + i, SINCE);
        }
        many.without(7);
        String id = bridge.tell(many).incident();
        assertThat(bridge.tell(many).changed()).isFalse();
        assertThat(bridge.incident(id).path("alerts")).hasSize(Bridge.ALERTS);
        assertThat(bridge.incident(id).path("unlisted_alerts").asInt()).isEqualTo(9);
        for (int i = 1; i <= Bridge.ENTRIES; i++) {
            assertThat(bridge.tell(Told.about("health-api").fires("Alert0", SINCE.plusSeconds(i)))
                            .changed())
                    .isTrue();
        }
        bridge.acknowledge(id, "primary");
        bridge.tell(Told.about("health-api").over("Alert0", SINCE.plusSeconds(Bridge.ENTRIES), NOON));
        JsonNode incident = bridge.incident(id);
        assertThat(incident.path("unlisted_entries").asInt()).isEqualTo(4);
        assertThat(timeline(incident))
                .hasSize(Bridge.ENTRIES + 2)
                .endsWith("12:00 acknowledged primary", "12:00 resolved");
    }

    /** Alertmanager says so of what it sends, and what it left out may fire. */
    @Test
    void theEndOfAGroupThatWasCutOffIsNotBelieved() {
        String id = bridge.tell(
                        Told.about("health-api").fires("ServiceDown", SINCE).without(1))
                .incident();
        Told over = Told.about("health-api").over("ServiceDown", SINCE, NOON);
        bridge.tell(over.without(1));
        assertThat(open()).containsExactly(id);
        bridge.tell(over.without(0));
        assertThat(open()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            "groupKey":"{}              | "groupKey":"","x":"{}        | groupKey is missing
            "status":"firing","receiver | "status":"odd","receiver     | status is neither firing nor resolved
            "alerts":[                  | "alerts":[],"x":[            | alerts is empty
            "alerts":[                  | "alerts":[null,              | alerts[0] is missing
            "fingerprint":              | "x":                         | alerts[0].fingerprint is missing
            "alertname":                | "x":                         | alerts[0].labels.alertname is missing
            "startsAt":"2026            | "startsAt":"1999             | alerts[0].startsAt is no time of an alert
            "startsAt":"2026-           | "startsAt":"2026/            | body alerts.[0].startsAt: has a value of the wrong kind
            "truncatedAlerts":0         | "truncatedAlerts":"0"        | body truncatedAlerts: has a value of the wrong kind
            "version"                   | version                      | body is not a valid JSON document
            """)
    void whatIsNoNotificationIsRefusedByItsField(String before, String after, String detail) {
        String good =
                new String(Told.about("health-api").fires("ServiceDown", SINCE).body(), StandardCharsets.UTF_8);
        assertThat(good).contains(before);
        Bridge.Answer bad = bridge.tell(good.replace(before, after).getBytes(StandardCharsets.UTF_8));
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.body().path("detail").asText()).isEqualTo(detail);
        assertThat(bridge.metric("oncall.notifications")).containsEntry("outcome=malformed", 1.0);
        assertThat(open()).isEmpty();
        assertThat(bridge.tell(good.getBytes(StandardCharsets.UTF_8)).changed()).isTrue();
    }

    @Test
    void aBodyAboveTheBoundIsRefused() {
        String good =
                new String(Told.about("health-api").fires("ServiceDown", SINCE).body(), StandardCharsets.UTF_8);
        String fill = " ".repeat(Bridge.LARGEST_BODY - good.length());
        assertThat(bridge.tell((good + fill + " ").getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(413);
        assertThat(bridge.tell((good + fill).getBytes(StandardCharsets.UTF_8)).status())
                .isEqualTo(200);
    }

    @Test
    void onlyTheCredentialOpensTheDoor() {
        byte[] body = Told.about("health-api").fires("ServiceDown", SINCE).body();
        for (String wrong : List.of(
                "Bearer " + Bridge.CREDENTIAL + "x", Bridge.CREDENTIAL, "Basic " + Bridge.CREDENTIAL, "Bearer ")) {
            assertThat(bridge.tell(body, wrong).status()).isEqualTo(401);
        }
        assertThat(bridge.send(bridge.request("/api/v1/incidents")).status()).isEqualTo(401);
        assertThat(bridge.send(bridge.request("/api/v1/incidents/x")).status()).isEqualTo(401);
        assertThat(open()).isEmpty();
        assertThat(bridge.metric("oncall.notifications")).containsEntry("outcome=refused", 4.0);
        assertThat(bridge.tell(body).status()).isEqualTo(200);
    }

    @Test
    void openIncidentsComeInPages() {
        for (int i = 0; i < 5; i++) {
            bridge.tell(Told.about("service-" + i).fires("ServiceDown", SINCE.plusSeconds(60L * i)));
        }
        JsonNode first = bridge.get("/api/v1/incidents?limit=3").body();
        assertThat(first.path("incidents")).hasSize(3);
        JsonNode rest = bridge.get(
                        "/api/v1/incidents?limit=3&after=" + first.path("next").asText())
                .body();
        assertThat(rest.path("incidents")).hasSize(2);
        assertThat(rest.path("next").isNull()).isTrue();
        assertThat(bridge.get("/api/v1/incidents?limit=101").status()).isEqualTo(400);
        assertThat(bridge.get("/api/v1/incidents?limit=0").status()).isEqualTo(400);
    }

    private List<String> open() {
        return bridge.get("/api/v1/incidents")
                .body()
                .path("incidents")
                .valueStream()
                .map(incident -> incident.path("id").asText())
                .toList();
    }

    private static List<String> timeline(JsonNode incident) {
        return incident.path("timeline")
                .valueStream()
                .map(entry -> (entry.path("at").asText().substring(11, 16) + " "
                                + entry.path("event").asText() + " "
                                + entry.path("alertname").asText()
                                + entry.path("by").asText())
                        .strip())
                .toList();
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            return files.iterator().next();
        }
    }
}
