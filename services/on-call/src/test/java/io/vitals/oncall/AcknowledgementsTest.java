package io.vitals.oncall;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.Secret;
import io.vitals.kit.json.Json;
import io.vitals.sandbox.member.SimulatedClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static io.vitals.oncall.Bridge.KEY;
import static io.vitals.oncall.Bridge.NOON;
import static org.assertj.core.api.Assertions.assertThat;

class AcknowledgementsTest {
    private static final Instant SINCE = NOON.minusSeconds(90);
    private static final Told DOWN = Told.about("health-api").fires("ServiceDown", SINCE);

    @TempDir
    Path folder;

    private Bridge bridge;
    private String incident = "";

    @BeforeEach
    void start() throws IOException {
        bridge = new Bridge(folder);
        incident = bridge.tell(DOWN).incident();
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void theMetricIsThereWhileAnAcknowledgedAlertFires() {
        assertThat(bridge.metric("oncall.incident.acked")).isEmpty();
        assertThat(bridge.acknowledge(incident, "primary").changed()).isTrue();
        assertThat(bridge.metric("oncall.incident.acked"))
                .isEqualTo(Map.of("alertname=ServiceDown,service_id=health-api", 1.0));
        // What joins it is looked at by the same person.
        bridge.tell(Told.about("health-api").fires("ServiceDown", SINCE).fires("High5xxRatio", NOON));
        assertThat(bridge.metric("oncall.incident.acked"))
                .isEqualTo(Map.of(
                        "alertname=ServiceDown,service_id=health-api", 1.0,
                        "alertname=High5xxRatio,service_id=health-api", 1.0));
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON).fires("High5xxRatio", NOON));
        assertThat(bridge.metric("oncall.incident.acked"))
                .isEqualTo(Map.of("alertname=High5xxRatio,service_id=health-api", 1.0));
        bridge.tell(Told.about("health-api").over("High5xxRatio", NOON, NOON));
        assertThat(bridge.metric("oncall.incident.acked")).isEmpty();
    }

    @Test
    void aPageIsAnsweredByTheNameItHas() {
        assertThat(bridge.acknowledge(DOWN.page(), "primary").incident()).isEqualTo(incident);
    }

    @Test
    void aRestartKnowsWhoAnswered() throws IOException {
        bridge.acknowledge(incident, "secondary");
        bridge.restart();
        assertThat(bridge.incident(incident).path("acknowledged_by").asText()).isEqualTo("secondary");
        assertThat(bridge.metric("oncall.incident.acked"))
                .isEqualTo(Map.of("alertname=ServiceDown,service_id=health-api", 1.0));
        assertThat(bridge.acknowledge(incident, "secondary").changed()).isFalse();
    }

    @Test
    void timesAreTakenOnceAnIncident() {
        bridge.pass(Duration.ofMinutes(4));
        bridge.acknowledge(incident, "primary");
        bridge.pass(Duration.ofMinutes(1));
        bridge.acknowledge(incident, "manager");
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, bridge.now()));
        assertThat(timer("oncall.incident.acknowledge").count()).isEqualTo(1);
        assertThat(timer("oncall.incident.acknowledge").totalTime(TimeUnit.SECONDS))
                .isEqualTo(240);
        assertThat(timer("oncall.incident.resolve").count()).isEqualTo(1);
        assertThat(timer("oncall.incident.resolve").totalTime(TimeUnit.SECONDS)).isEqualTo(390);
        assertThat(bridge.incident(incident).path("acknowledged_by").asText()).isEqualTo("primary");
    }

    @Test
    void whetherAnythingWasDoneIsSaidAfterwardsToo() throws IOException {
        assertThat(bridge.metric("oncall.incidents.ended"))
                .isEqualTo(Map.of("action=none", 0.0, "action=taken", 0.0, "action=unsaid", 0.0));
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON));
        assertThat(bridge.metric("oncall.incidents.ended")).containsEntry("action=unsaid", 1.0);
        assertThat(bridge.acknowledge(body(incident, "primary"), NOON, KEY).status())
                .isEqualTo(409);

        assertThat(bridge.acknowledge(body(incident, "primary", "none"), NOON, KEY)
                        .changed())
                .isTrue();
        assertThat(bridge.acknowledge(body(incident, "primary", "none"), NOON, KEY)
                        .changed())
                .isFalse();
        bridge.restart();
        assertThat(bridge.metric("oncall.incidents.ended"))
                .isEqualTo(Map.of("action=none", 1.0, "action=taken", 0.0, "action=unsaid", 0.0));
        // The last word counts; it answers no page.
        bridge.acknowledge(body(incident, "secondary", "taken"), NOON, KEY);
        assertThat(bridge.metric("oncall.incidents.ended")).containsEntry("action=taken", 1.0);
        assertThat(bridge.incident(incident).path("action").asText()).isEqualTo("taken");
        assertThat(bridge.incident(incident).has("acknowledged_at")).isFalse();
        // It was said of that time alone.
        bridge.pass(Bridge.SETTLE);
        bridge.tell(DOWN);
        assertThat(bridge.incident(incident).has("action")).isFalse();
    }

    @Test
    void whatEndedLongAgoCountsNoMoreThoughNothingChanges() throws IOException {
        SimulatedClock clock = new SimulatedClock(Clock.fixed(NOON, ZoneOffset.UTC));
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (IncidentFiles files = IncidentFiles.open(folder.resolve("others"))) {
            Incidents incidents = new Incidents(
                    files,
                    new OnCallSettings.Keeping(folder, Duration.ofDays(60), Bridge.SETTLE, 10, 10),
                    new OnCallMeters(registry),
                    clock);
            Instant now = clock.instant();
            byte[] over = Told.about("health-api")
                    .over("ServiceDown", now.minusSeconds(60), now)
                    .body();
            incidents.notified(Notification.read(over, now));
            assertThat(unsaid(registry)).isEqualTo(1);
            clock.offset(OnCallMeters.LOOKED_BACK);
            incidents.upkeep();
            assertThat(unsaid(registry)).isEqualTo(1);
            clock.offset(OnCallMeters.LOOKED_BACK.plusSeconds(1));
            incidents.upkeep();
            assertThat(unsaid(registry)).isZero();
        }
    }

    private static double unsaid(MeterRegistry registry) {
        return registry.get("oncall.incidents.ended")
                .tag("action", "unsaid")
                .gauge()
                .value();
    }

    @Test
    void anAnswerMaySayAtOnceThatNothingIsToBeDone() {
        assertThat(bridge.acknowledge(body(incident, "primary", "none"), NOON, KEY)
                        .changed())
                .isTrue();
        assertThat(bridge.incident(incident).path("acknowledged_by").asText()).isEqualTo("primary");
        assertThat(bridge.incident(incident).path("action").asText()).isEqualTo("none");
    }

    @Test
    void aReplayChangesNothing() {
        byte[] body = body(incident, "primary");
        assertThat(bridge.acknowledge(body, NOON, KEY).changed()).isTrue();
        Bridge.Answer again = bridge.acknowledge(body, NOON, KEY);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.changed()).isFalse();
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON.minusSeconds(1)));
        assertThat(bridge.acknowledge(body, NOON, KEY).status()).isEqualTo(409);
        // Nor when the incident has come back: what was answered then is not answered now.
        bridge.pass(Bridge.SETTLE);
        bridge.tell(DOWN);
        Instant before = bridge.now().minusSeconds(1);
        assertThat(bridge.acknowledge(body, before, KEY).status()).isEqualTo(409);
        assertThat(bridge.acknowledge(body, bridge.now(), KEY).changed()).isTrue();
    }

    @Test
    void whatIsForgedIsRefused() {
        byte[] body = body(incident, "primary");
        String timestamp = Long.toString(NOON.getEpochSecond());
        String signature = Signature.sign(KEY, timestamp, body);
        assertThat(bridge.acknowledge(body, NOON, Secret.of("x".repeat(40))).status())
                .isEqualTo(401);
        assertThat(bridge.acknowledge(body(incident, "manager"), timestamp, signature)
                        .status())
                .isEqualTo(401);
        assertThat(bridge.acknowledge(body, timestamp + "0", signature).status())
                .isEqualTo(401);
        assertThat(bridge.acknowledge(body, "0" + timestamp, signature).status())
                .isEqualTo(401);
        assertThat(bridge.acknowledge(body, timestamp, signature.substring(1)).status())
                .isEqualTo(401);
        assertThat(bridge.acknowledge(body, timestamp, "").status()).isEqualTo(401);
        assertThat(bridge.send(bridge.request("/api/v1/acknowledgements")
                                .header(Signature.TIMESTAMP, timestamp)
                                .header(Signature.SIGNATURE, signature)
                                .header(Signature.SIGNATURE, signature)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body)))
                        .status())
                .isEqualTo(401);
        assertThat(bridge.incident(incident).has("acknowledged_at")).isFalse();
        assertThat(bridge.metric("oncall.acknowledgements")).containsEntry("outcome=refused", 7.0);
        assertThat(bridge.acknowledge(body, timestamp, signature).changed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-301, 401", "-300, 200", "300, 200", "301, 401"})
    void whatIsSignedTooFarFromNowIsRefused(long seconds, int status) {
        assertThat(bridge.acknowledge(body(incident, "primary"), NOON.plusSeconds(seconds), KEY)
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"by":"primary"}                     | 400 | incident is missing
            {"incident":"x"}                     | 400 | by is not primary, secondary or manager
            {"incident":"x","by":"Mira"}         | 400 | by is not primary, secondary or manager
            {"incident":["x"],"by":"primary"}    | 400 | body incident: has a value of the wrong kind
            {"incident":"x","by":"primary"}      | 404 | There is nothing here for you.
            {"incident":"x","by":"primary","action":"some"} | 400 | action is not taken or none
            """)
    void whatCannotBeUsedIsRefused(String body, int status, String detail) {
        Bridge.Answer answer = bridge.acknowledge(body.getBytes(StandardCharsets.UTF_8), NOON, KEY);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("detail").asText()).isEqualTo(detail);
    }

    private static byte[] body(String incident, String by) {
        return Json.write(new OnCallApi.Acknowledgement(incident, by, null));
    }

    private static byte[] body(String incident, String by, String action) {
        return Json.write(new OnCallApi.Acknowledgement(incident, by, action));
    }

    private Timer timer(String name) {
        return bridge.registry().get(name).timer();
    }
}
