package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.journey.logs.Alloy.Pod;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Lines of both services go the way of production into a real Loki: they are found again, and each alert fires when it should and not before. */
@Tag("drill")
@ExtendWith(WatchedVitals.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LogAlertsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Alloy ALLOY = Alloy.ofPods();
    private static final String TOKEN = "eyJ" + letters() + ".eyJ" + letters() + "." + letters();

    private final ServiceLogs logs;
    private final Alerts alerts;
    private final RunningLoki loki;

    LogAlertsTest(Stack stack, @TempDir Path folder) throws IOException {
        this.logs = new ServiceLogs(stack);
        this.alerts = new Alerts(folder);
        this.loki = new RunningLoki(
                folder,
                LogRules.faster(),
                config -> ((ObjectNode) config.path("ruler"))
                        .put("alertmanager_url", alerts.address().toString())
                        .put("enable_api", true)
                        .put("evaluation_interval", "1s"));
    }

    @BeforeAll
    void makeHistory() throws Exception {
        logs.makeHistory();
    }

    @AfterAll
    void stop() {
        loki.close();
        alerts.close();
    }

    private static String letters() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    @Order(1)
    void silenceIsNoticedAndEndsWithTheFirstLine() throws Exception {
        await().atMost(PATIENCE).until(() -> firing().contains("LogsStopped"));
        loki.push(List.of(argoCompares(Instant.now())));
        await().atMost(PATIENCE).until(() -> !firing().contains("LogsStopped"));
    }

    @Test
    @Order(2)
    void eachAlertFiresAndClearsAndIsSilentJustBelow() throws Exception {
        Instant now = Instant.now();
        var lines = new ArrayList<LogLine>();
        var expected = new TreeSet<String>();
        for (JsonNode scenario : LogRules.scenarios()) {
            String alert = scenario.path("alert").asText();
            expected.add(alert);
            lines.addAll(lines(scenario.path("fires"), alert + "-production", now));
            lines.addAll(lines(scenario.path("silent"), alert + "-staging", now));
        }
        var covered = new TreeSet<>(expected);
        covered.add("LogsStopped");
        assertThat(covered).containsExactlyElementsOf(new TreeSet<>(LogRules.names()));
        loki.push(lines);

        Set<String> all = Collections.synchronizedSet(new TreeSet<>());
        Set<String> fired = new TreeSet<>();
        await("each fires").atMost(PATIENCE).untilAsserted(() -> {
            loki.push(List.of(argoCompares(Instant.now())));
            for (JsonNode alert : loki.ask("/prometheus/api/v1/alerts").at("/data/alerts")) {
                all.add(alert.path("labels").toString());
            }
            for (JsonNode alert : alerts.active()) {
                assertThat(alert.at("/labels/cluster").asText()).isEqualTo("production");
                assertThat(alert.at("/annotations/summary").asText())
                        .isNotEmpty()
                        .doesNotContain("{{", "no value");
                fired.add(alert.at("/labels/alertname").asText());
            }
            assertThat(fired).containsAll(expected);
        });
        // What each one fires for, or waits to, is its own lines.
        assertThat(all)
                .allSatisfy(labels -> assertThat(labels).doesNotContain("-staging"))
                .allSatisfy(labels -> {
                    String alert = labels.replaceAll(".*\"alertname\":\"(\\w+)\".*", "$1");
                    assertThat(labels)
                            .satisfiesAnyOf(
                                    l -> assertThat(l).contains("\"" + alert + "-production\""),
                                    l -> assertThat(alert).isEqualTo("NewErrorKind"));
                });
        await("each clears").atMost(PATIENCE).until(() -> {
            loki.push(List.of(argoCompares(Instant.now())));
            return firing().isEmpty();
        });
    }

    @Test
    @Order(3)
    void whatBelongsToOneRequestIsFoundByItsTrace() throws Exception {
        Instant now = Instant.now();
        List<LogLine> lines = ALLOY.fromPod(
                Pod.of("whoop-service-production", "whoop-service"),
                now,
                logs.find("whoop-service", line -> line.startsWith("{")));
        lines.addAll(ALLOY.fromPod(
                Pod.of("health-api-production", "health-api"),
                now,
                logs.find("health-api", line -> line.startsWith("{"))));
        loki.push(lines);
        LogLine traced = lines.stream()
                .filter(line -> line.metadata().containsKey("trace_id"))
                .findAny()
                .orElseThrow();
        String trace = traced.metadata().getOrDefault("trace_id", "");
        List<String> found = loki.lines(
                "{service=~\"health-api|whoop-service\"} | trace_id=\"" + trace + "\"",
                now.minusSeconds(60),
                now.plusSeconds(60));
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(lines.stream()
                        .filter(line -> trace.equals(line.metadata().get("trace_id")))
                        .map(LogLine::text)
                        .toList());
        // Streams stay few: whatever is many stands beside the line.
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.labels().keySet())
                        .isSubsetOf("class", "container", "level", "namespace", "service"));
    }

    @Test
    @Order(4)
    void aTokenDoesNotArriveAndWithoutRedactionItWould() throws Exception {
        Instant now = Instant.now();
        String real = logs.find("health-api", ServiceLogs.event("signed_in")).getFirst();
        String spoilt = real.substring(0, real.length() - 1) + ",\"header\":\"Bearer " + TOKEN
                + "\",\"form\":\"refresh_token=" + TOKEN + "\",\"who\":\"ada.l@vitals.example\"}";
        loki.push(List.of(ALLOY.fromPod(Pod.of("redacted", "health-api"), now, spoilt)));
        loki.push(List.of(ALLOY.withoutRedaction().fromPod(Pod.of("plain", "health-api"), now, spoilt)));
        assertThat(secrets("redacted", now)).isEmpty();
        assertThat(secrets("plain", now)).hasSize(1);
        assertThat(loki.lines("{namespace=\"redacted\"}", now.minusSeconds(60), now.plusSeconds(60)))
                .singleElement()
                .satisfies(
                        line -> assertThat(ServiceLogs.json(line).path("header").asText())
                                .isEqualTo("Bearer [redacted:token]"))
                .satisfies(
                        line -> assertThat(ServiceLogs.json(line).path("form").asText())
                                .isEqualTo("refresh_token=[redacted:token]"))
                .satisfies(line ->
                        assertThat(ServiceLogs.json(line).path("who").asText()).isEqualTo("[redacted:address]"));
        // What they write as it is loses nothing on its way.
        assertThat(logs.all("health-api"))
                .allSatisfy(line -> assertThat(ALLOY.fromPod(Pod.of("redacted", "health-api"), now, line)
                                .text())
                        .isEqualTo(line));
        assertThat(Alloy.ofEvents().redaction()).isEqualTo(ALLOY.redaction());
    }

    private List<String> secrets(String namespace, Instant now) throws IOException, InterruptedException {
        return loki.lines("{namespace=\"" + namespace + "\"}", now.minusSeconds(60), now.plusSeconds(60)).stream()
                .filter(line -> line.contains(TOKEN) || line.contains("ada.l@"))
                .toList();
    }

    @Test
    @Order(5)
    void whatIsKeptForLongNamesNoMember() throws IOException {
        var audited = new ArrayList<LogLine>();
        for (String service : List.of("health-api", "whoop-service")) {
            ALLOY.fromPod(Pod.of("production", service), Instant.now(), logs.all(service)).stream()
                    .filter(line -> "audit".equals(line.labels().get("class")))
                    .forEach(audited::add);
        }
        assertThat(audited)
                .extracting(line -> line.metadata().get("event"))
                .contains("login_failed", "admin_address_refused", "webhook_refused");
        assertThat(audited)
                .allSatisfy(line ->
                        assertThat(ServiceLogs.json(line.text()).has("member")).isFalse());
    }

    private Set<String> firing() throws IOException, InterruptedException {
        return new TreeSet<>(alerts.active().findValuesAsText("alertname"));
    }

    private static LogLine argoCompares(Instant time) {
        return ALLOY.fromPod(
                Pod.of("argocd", "argocd-application-controller"),
                time,
                "time=\"" + time + "\" level=info msg=\"Comparing app state\" application=health-api");
    }

    private List<LogLine> lines(JsonNode what, String place, Instant now) throws IOException {
        var lines = new ArrayList<LogLine>();
        if (what.has("known")) {
            Instant before =
                    now.minusSeconds(LogRules.seconds(what.path("known").asText()) / LogRules.FASTER);
            lines.add(line(what, place, before));
        }
        for (int i = 0; i < what.path("count").asInt(); i++) {
            lines.add(line(what, place, now.plusNanos(1_000L * i)));
        }
        return lines;
    }

    private LogLine line(JsonNode what, String place, Instant time) throws IOException {
        if (what.has("kubernetes")) {
            return Alloy.ofEvents()
                    .fromEvent(place, time, what.path("kubernetes").asText());
        }
        String service = what.path("service").asText();
        String text = what.has("written")
                ? what.path("written").asText().replace("{token}", TOKEN).replace("{place}", place)
                : logs.find(service, which(what)).getFirst();
        return ALLOY.fromPod(Pod.of(what.path("namespace").asText(place), service), time, text);
    }

    private static Predicate<String> which(JsonNode what) {
        return what.has("real")
                ? ServiceLogs.event(what.path("real").asText())
                : what.has("level")
                        ? ServiceLogs.error()
                        : line -> line.contains(what.path("part").asText());
    }
}
