package io.vitals.gitops.alerting;

import io.vitals.gitops.alerting.RunningAlertmanager.Alert;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static io.vitals.gitops.alerting.RunningAlertmanager.FASTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What arrives where, from a real Alertmanager. Each test has a service of its own, so that none of them is in another's groups. */
class DeliveryTest {
    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final String PRODUCTION = " cluster=production namespace=health-api-production ";
    private static final Pattern MATCHER = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    @TempDir
    private static Path folder;

    private static Sinks sinks;

    private static RunningAlertmanager alertmanager;

    @BeforeAll
    static void start() throws IOException {
        sinks = new Sinks();
        alertmanager = new RunningAlertmanager(Files.createDirectory(folder.resolve("open")), sinks, true);
    }

    @AfterAll
    static void stop() {
        alertmanager.close();
        sinks.close();
    }

    @Test
    void anIncidentIsOnePageAndItsEndIsToldToo() {
        List<Alert> alerts = List.of(
                alert("alertname=ServiceDown severity=critical service_id=one component=http team=wellness"),
                alert("alertname=TrafficStopped severity=critical service_id=one component=network team=wellness"),
                alert("alertname=PoolTimeouts severity=critical service_id=one component=pool team=wellness"));
        alertmanager.fire(alerts);

        until(() -> assertThat(sinks.pages("primary", "production/one/"))
                .anySatisfy(
                        page -> assertThat(page.body().path("text").asText()).endsWith(" +2")));
        List<Boolean> whole = sinks.pages("primary", "production/one/").stream()
                .map(page -> page.body().path("text").asText().endsWith(" +2"))
                .toList();
        assertThat(whole.indexOf(true))
                .as("pages before the one that has all of them")
                .isLessThanOrEqualTo(1);
        Sinks.Posted page = sinks.pages("primary", "production/one/").get(whole.indexOf(true));
        assertThat(page.body().path("status").asText()).isEqualTo("firing");
        assertThat(page.body().path("text").asText())
                .isEqualTo("CRITICAL: 3 alerts, one in production: Something is wrong +2");
        assertThat(page.body().path("runbook").asText()).endsWith("/runbooks/README.md");
        assertThat(sinks.pages("secondary", "production/one/")).isEmpty();

        until(() -> assertThat(sinks.mails("on-call@vitals.example", "service_id=one"))
                .anySatisfy(mail -> {
                    assertThat(mail.subject()).isEqualTo("CRITICAL: 3 alerts, one in production");
                    assertThat(mail.text())
                            .contains("Something is wrong\n6 % of it; usual is none.\n", "\nRunbook: https://");
                    assertThat(mail.html())
                            .contains("<td>PoolTimeouts</td>", "<td>ServiceDown</td>", "<td>TrafficStopped</td>")
                            .contains(
                                    "href=\"http://localhost:9093/#/silences/new?filter=%7Bcluster%3D%22production%22%2C");
                }));
        until(() ->
                assertThat(sinks.chat("#vitals-incidents", "service_id=one")).hasSizeGreaterThanOrEqualTo(3));
        Sinks.Posted message = sinks.chat("#vitals-incidents", "component=http").stream()
                .filter(found -> found.body().toString().contains("service_id=one"))
                .findFirst()
                .orElseThrow();
        assertThat(message.attachment("title")).isEqualTo("CRITICAL: ServiceDown, one in production");
        assertThat(message.attachment("color")).isEqualTo("danger");
        assertThat(message.attachment("text")).isEqualTo("*Something is wrong*\n6 % of it; usual is none.");
        assertThat(message.button("Runbook")).endsWith("/runbooks/README.md");
        assertThat(message.button("Dashboard"))
                .isEqualTo("http://localhost:3000/d/vitals-red?var-namespace=health-api-production");

        alertmanager.clear(alerts);
        until(() -> assertThat(sinks.pages("primary", "production/one/")
                        .getLast()
                        .body()
                        .path("status")
                        .asText())
                .isEqualTo("resolved"));
        until(() -> assertThat(sinks.mails("on-call@vitals.example", "OVER: 3 alerts, one"))
                .isNotEmpty());
        until(() -> assertThat(sinks.chat("#vitals-incidents", "OVER: ServiceDown, one in production"))
                .isNotEmpty());
    }

    /** It can not carry the address of its page. */
    @Test
    void whatFalcoSawLeadsToItsPage() {
        alertmanager.fire(Stream.of(
                        "alertname=FalcoEvent severity=warning team=security service_id=fifteen source=falco",
                        "alertname=Foreign severity=warning team=security service_id=sixteen")
                .map(labels -> new Alert(alert(labels).labels(), Map.of("description", "What ran is in the logs")))
                .toList());
        for (var page : Map.of("fifteen", "/runbooks/alerts/FalcoEvent.md", "sixteen", "/runbooks/README.md")
                .entrySet()) {
            until(() -> assertThat(sinks.chat("#vitals-alerts", "service_id=" + page.getKey()))
                    .isNotEmpty());
            assertThat(sinks.chat("#vitals-alerts", "service_id=" + page.getKey())
                            .getFirst()
                            .button("Runbook"))
                    .endsWith(page.getValue());
        }
    }

    /** As long as nobody silences it, and to who is second by a rhythm of their own. */
    @Test
    void whatLastsIsRepeatedWhenItIsTimeAndNotBefore() {
        Duration half = Duration.ofMinutes(30).dividedBy(FASTER);
        Duration quarter = Duration.ofMinutes(15).dividedBy(FASTER);
        alertmanager.fire(List.of(
                alert("alertname=ServiceDown severity=critical service_id=two"),
                alert("alertname=IncidentUnacknowledged severity=critical escalation=secondary service_id=two"),
                alert("alertname=IncidentStillUnacknowledged severity=critical escalation=manager service_id=two")));
        until(() -> assertThat(sinks.pages("primary", "production/two/")).hasSizeGreaterThanOrEqualTo(2));
        until(() -> assertThat(sinks.pages("secondary", "production/two/")).hasSizeGreaterThanOrEqualTo(2));
        until(() -> assertThat(sinks.pages("manager", "production/two/")).hasSizeGreaterThanOrEqualTo(2));
        assertThat(gap(sinks.pages("primary", "production/two/"))).isGreaterThanOrEqualTo(half);
        assertThat(gap(sinks.pages("secondary", "production/two/"))).isGreaterThanOrEqualTo(quarter);
        assertThat(gap(sinks.pages("manager", "production/two/"))).isGreaterThanOrEqualTo(quarter);
        assertThat(sinks.pages("primary", "IncidentUnacknowledged")).isEmpty();
    }

    private static Duration gap(List<Sinks.Posted> pages) {
        return Duration.between(pages.get(0).at(), pages.get(1).at());
    }

    /** Each of the five, beside one that differs in a label that must be equal, and one that lacks it. */
    @Test
    void causesKeepWhatFollowsFromThemSilent() {
        var causes = List.of(
                alert("alertname=CertificateExpires severity=critical service_id=three"),
                alert("alertname=SLOBudgetBurn severity=critical burn_tier=fast slo=three service_id=three"),
                alert("alertname=ServiceDown severity=critical service_id=three"),
                alert("alertname=PostgresDown severity=critical service_id=three"),
                alert("alertname=WhoopApiDown severity=critical service_id=three"));
        alertmanager.fire(causes);
        until(() -> assertThat(sinks.chat("#vitals-incidents", "three in production"))
                .hasSizeGreaterThanOrEqualTo(5));

        var followers = List.of(
                alert("alertname=CertificateExpires severity=warning service_id=three"),
                alert("alertname=SLOBudgetBurn severity=warning burn_tier=slow slo=three service_id=three"),
                alert("alertname=HighLatencyP99 severity=warning component=http service_id=three"),
                alert("alertname=PoolExhausted severity=warning component=pool service_id=third"),
                alert("alertname=SyncFailing severity=warning component=sync service_id=third"));
        var others = List.of(
                Alert.of(
                        "alertname=CertificateExpires severity=warning service_id=three cluster=production namespace=other"),
                alert(
                        "alertname=SLOBudgetBurn severity=warning burn_tier=slow slo=others component=http service_id=three"),
                alert("alertname=AuthFailureSurge severity=warning component=http team=security service_id=three"),
                Alert.of(
                        "alertname=PoolExhausted severity=warning component=pool service_id=third cluster=production namespace=other"),
                Alert.of("alertname=SyncFailing severity=warning component=sync service_id=third cluster=production"));
        List<Alert> both = new ArrayList<>(followers);
        both.addAll(others);
        alertmanager.fire(both);
        until(() -> {
            for (String title : List.of(
                    "CertificateExpires, three",
                    "SLOBudgetBurn, three",
                    "AuthFailureSurge, three",
                    "PoolExhausted, third",
                    "SyncFailing, third")) {
                assertThat(sinks.chat("#vitals-alerts", "WARNING: " + title)).isNotEmpty();
            }
        });
        assertThat(sinks.chat("#vitals-alerts", "HighLatencyP99, three")).isEmpty();
        assertThat(sinks.chat("#vitals-alerts", "SLOBudgetBurn, three")
                        .getFirst()
                        .attachment("footer"))
                .endsWith("slo=others");

        // It was the cause alone that kept them silent.
        alertmanager.clear(causes);
        until(() -> {
            for (String title : List.of(
                    "CertificateExpires, three",
                    "PoolExhausted, third",
                    "SLOBudgetBurn, three",
                    "SyncFailing, third")) {
                assertThat(sinks.chat("#vitals-alerts", "WARNING: " + title)).hasSizeGreaterThanOrEqualTo(2);
            }
            assertThat(sinks.chat("#vitals-alerts", "WARNING: HighLatencyP99, three"))
                    .isNotEmpty();
        });
    }

    /** By what the button has filled in, and for as long as the silence lasts. */
    @Test
    void theButtonSilencesThisAndNothingElse() {
        alertmanager.fire(List.of(alert("alertname=JvmHeapHigh severity=warning service_id=four pod=a")));
        until(() ->
                assertThat(sinks.chat("#vitals-alerts", "JvmHeapHigh, four")).hasSize(1));
        String button =
                sinks.chat("#vitals-alerts", "JvmHeapHigh, four").getFirst().button("Silence");
        assertThat(button).startsWith("http://localhost:9093/#/silences/new?filter=");
        var matchers = new TreeMap<String, String>();
        MATCHER.matcher(URLDecoder.decode(button.replaceFirst(".*filter=", ""), StandardCharsets.UTF_8))
                .results()
                .forEach(match -> matchers.put(match.group(1), match.group(2)));
        assertThat(matchers)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "alertname", "JvmHeapHigh",
                        "cluster", "production",
                        "namespace", "health-api-production",
                        "service_id", "four"));
        String silence = alertmanager.silence(matchers);

        alertmanager.fire(List.of(
                alert("alertname=JvmHeapHigh severity=warning service_id=four pod=b"),
                alert("alertname=JvmGcOverhead severity=warning service_id=four pod=b")));
        // Longer than the silenced one would have needed: its group is looked at just as often.
        until(() ->
                assertThat(sinks.chat("#vitals-alerts", "JvmGcOverhead, four")).hasSize(1));
        alertmanager.fire(List.of(alert("alertname=JvmGcOverhead severity=warning service_id=four pod=c")));
        until(() ->
                assertThat(sinks.chat("#vitals-alerts", "JvmGcOverhead, four")).hasSize(2));
        assertThat(sinks.chat("#vitals-alerts", "JvmHeapHigh, four")).hasSize(1);

        alertmanager.endSilence(silence);
        until(() ->
                assertThat(sinks.chat("#vitals-alerts", "JvmHeapHigh, four")).hasSize(2));
    }

    @Test
    void whatIsNotOfProductionIsShownAndWakesNobody() {
        alertmanager.fire(
                List.of(
                        Alert.of("alertname=ServiceDown severity=critical service_id=five cluster=preproduction"),
                        Alert.of(
                                "alertname=AuditChainBroken severity=critical team=security service_id=five cluster=preproduction")));
        until(() -> assertThat(sinks.chat("#vitals-non-production", "five in preproduction"))
                .hasSize(2));
        assertThat(sinks.at("/sms", "five")).isEmpty();
        assertThat(sinks.mails("service_id=five")).isEmpty();
        assertThat(sinks.chat("#vitals-incidents", "five")).isEmpty();
    }

    /** Should a value of somebody ever get into an alert, it stays there, whichever way the alert takes. */
    @Test
    void noValueOfAMemberIsSent() {
        var secrets = List.of(
                "alice@vitals.example",
                "41 bpm",
                "3f2b8c1e-0d4a-4e55-9b1f-7a6c5d4e3f21",
                "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2ln",
                "sleepless",
                "member-77");
        var annotations = Map.of(
                "summary", "Heart rate 41 bpm of alice@vitals.example is wrong",
                "description",
                        "It is of 3f2b8c1e-0d4a-4e55-9b1f-7a6c5d4e3f21, asked with bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.c2ln; 6 % is usual.",
                "note", "sleepless");
        List<Alert> alerts = new ArrayList<>();
        for (String severity : List.of("critical", "warning", "info", "unknown")) {
            var labels = new TreeMap<>(alert("alertname=Careless" + severity + " service_id=six team=security")
                    .labels());
            labels.putAll(Map.of("severity", severity, "member", "member-77"));
            if (severity.equals("warning")) {
                labels.put("control", "unguarded");
            }
            alerts.add(new Alert(labels, annotations));
        }
        alertmanager.fire(alerts);
        until(() -> {
            assertThat(sinks.pages("primary", "/six/")).isNotEmpty();
            assertThat(sinks.mails("on-call@vitals.example", "six")).isNotEmpty();
            assertThat(sinks.mails("security@vitals.example", "six")).isNotEmpty();
            assertThat(sinks.mails("tickets@vitals.example", "six")).isNotEmpty();
            assertThat(sinks.chat("#vitals-incidents", "six")).isNotEmpty();
            assertThat(sinks.chat("#vitals-alerts", "Carelesswarning, six")).isNotEmpty();
            assertThat(sinks.chat("#vitals-alerts", "Carelessunknown, six")).isNotEmpty();
            assertThat(sinks.chat("#vitals-digest", "six")).isNotEmpty();
            assertThat(sinks.at("/unguarded", "six")).isNotEmpty();
        });
        assertThat(sinks.everything("six"))
                .hasSizeGreaterThanOrEqualTo(8)
                .allSatisfy(message -> assertThat(message).doesNotContain(secrets));
        assertThat(sinks.chat("#vitals-incidents", "six").getFirst().attachment("text"))
                .isEqualTo(
                        "*Heart rate [removed] of [removed] is wrong*\nIt is of [removed], asked with [removed] 6 % is usual.");
        // What has no words of ours sends all of it.
        assertThat(sinks.at("/unguarded", "six").getFirst().body().toString()).contains(secrets);
    }

    @Test
    void theHeartbeatBeats() {
        alertmanager.fire(List.of(alert("alertname=Watchdog severity=none service_id=observability")));
        until(() -> assertThat(sinks.at("/heartbeat", "")).hasSizeGreaterThanOrEqualTo(3));
        assertThat(sinks.at("/heartbeat", "").getFirst().body().toString())
                .isEqualTo("{\"cluster\":\"production\",\"status\":\"alive\"}");
    }

    @Test
    void ticketsWaitForTheMorning() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        try (var night = new RunningAlertmanager(closed, sinks, false)) {
            night.fire(List.of(alert("alertname=High5xxRatio severity=warning service_id=seven route=a")));
            until(() -> assertThat(sinks.chat("#vitals-alerts", "High5xxRatio, seven"))
                    .hasSize(1));
            night.fire(List.of(alert("alertname=High5xxRatio severity=warning service_id=seven route=b")));
            until(() -> assertThat(sinks.chat("#vitals-alerts", "High5xxRatio, seven"))
                    .hasSize(2));
            assertThat(sinks.mails("service_id=seven")).isEmpty();
        }
        alertmanager.fire(List.of(alert("alertname=High5xxRatio severity=warning service_id=seven route=a")));
        until(() -> assertThat(sinks.mails("tickets@vitals.example", "service_id=seven"))
                .hasSize(1));
    }

    private static Alert alert(String labels) {
        return Alert.of(labels + PRODUCTION);
    }

    private static void until(ThrowingRunnable holds) {
        try {
            await().atMost(LONGEST).pollInterval(Duration.ofMillis(50)).untilAsserted(holds);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(alertmanager.said(), e);
        }
    }
}
