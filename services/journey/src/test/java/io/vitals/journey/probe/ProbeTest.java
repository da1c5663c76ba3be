package io.vitals.journey.probe;

import io.vitals.journey.probe.ProbeProcess.Ended;
import io.vitals.journey.process.MemberSession;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The synthetic member's journeys, on a Vitals that is sound and on one that is not. */
@ExtendWith(RunningVitals.class)
class ProbeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ACCOUNT = "jonas";
    private static final int PERSON = 2;
    private static final Pattern RUNS = Pattern.compile(
            "(?m)^synthetic_journey_runs_total\\{(?=[^}]*journey=\"([a-z-]+)\")(?=[^}]*outcome=\"([a-z]+)\")[^}]*} ([0-9.E]+)");

    private final Stack stack;
    private final WhoopControl whoop;

    @TempDir
    Path directory;

    private String key = "";
    private String keyId = "";
    private final MemberSession member;

    ProbeTest(Stack stack) {
        this.stack = stack;
        this.whoop = stack.simulators().whoop().control();
        this.member = MemberSession.signIn(stack, ACCOUNT);
    }

    @BeforeEach
    void makeKey() {
        var made = member.call("POST", "/api/v1/api-keys", "{\"name\":\"Probe\",\"scopes\":[\"days:read\"]}")
                .expect(201)
                .json();
        key = made.path("value").asText();
        keyId = made.path("key").path("id").asText();
    }

    @AfterEach
    void putBack() {
        whoop.clearFaults();
        if (!stack.healthApi().isAlive()) {
            stack.healthApi().start();
        }
        stack.healthApi().awaitReady(PATIENCE);
        member.call("DELETE", "/api/v1/api-keys/" + keyId, "");
        member.disconnect();
    }

    @Test
    void everyStepPassesAndNothingIsLeftBehind() throws Exception {
        int sessions = sessions();
        Ended ended = onceUntil(probe(), "5 passed, 0 failed");
        assertThat(ended.output()).doesNotContain("FAILED");
        assertThat(ended.code()).isZero();
        for (String step : new String[] {
            "page +assets +ok",
            "sign-in +callback +ok",
            "sign-in +sign-out +ok",
            "connect +active +ok",
            "connect +disconnect +ok",
            "refresh +refresh +ok",
            "day +range +ok"
        }) {
            assertThat(ended.output()).containsPattern("(?m)^" + step + " +[0-9.]+ ms$");
        }
        assertThat(member.link().path("state").asText()).isIn("none", "revoked");
        assertThat(sessions()).as("signed out each time").isEqualTo(sessions);
        assertTellsNoSecret(ended.output());
    }

    @Test
    void aLinkThatAKilledRunLeftIsNoObstacle() throws Exception {
        member.connect(PERSON);
        assertThat(member.link().path("state").asText()).isIn("active", "refreshing");
        assertThat(onceUntil(probe().with("VITALS_JOURNEYS", "connect"), "1 passed, 0 failed")
                        .code())
                .isZero();
    }

    @Test
    void withoutWhoopConnectingFailsAtTheReturnAndTheOthersPass() throws Exception {
        whoop.failFor(WhoopEndpoint.all(), Duration.ofMinutes(5), new WhoopFault.Refuse(503));
        Ended ended = onceUntil(probe(), "4 passed, 1 failed: connect (callback: ");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output()).containsPattern("(?m)^connect +callback +FAILED");
        assertTellsNoSecret(ended.output());
    }

    @Test
    void withoutHealthApiEveryJourneyFailsAtItsFirstStep() throws Exception {
        stack.healthApi().kill();
        Ended ended = probe().once();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.output())
                .contains(
                        "0 passed, 5 failed: page (page: connect), sign-in (start: connect), connect (sign-in: connect),"
                                + " refresh (sign-in: connect), day (range: connect)");
        assertTellsNoSecret(ended.output());
    }

    @Test
    void aRevokedKeyAndAnUnknownAccountAreToldByStatusAndStep() throws Exception {
        member.call("DELETE", "/api/v1/api-keys/" + keyId, "");
        ProbeProcess probe = new ProbeProcess(stack, directory, "nobody", PERSON, key);
        Ended ended = onceUntil(
                probe.with("VITALS_JOURNEYS", "day,sign-in"),
                "0 passed, 2 failed: day (range: status_401), sign-in (callback: status_400)");
        assertThat(ended.code()).isEqualTo(1);
    }

    @Test
    void servingShowsWhatPassesAndWhatFailsFromThenOn() throws Exception {
        int port = Tools.freePort();
        ProbeProcess probe = probe();
        Process process = probe.with("VITALS_JOURNEYS", "page,sign-in")
                .with("VITALS_INTERVAL", "2s")
                .with("VITALS_MANAGEMENT_PORT", Integer.toString(port))
                .start("serve");
        try {
            await().atMost(PATIENCE).until(() -> runs(port, "sign-in", "pass") > 0);
            assertThat(runs(port, "page", "fail")).isZero();
            assertThat(metrics(port))
                    .containsPattern("synthetic_journey_step_duration_seconds_bucket\\{[^}]*step=\"assets\"")
                    .containsPattern(
                            "synthetic_journey_last_success_timestamp_seconds\\{[^}]*journey=\"page\"[^}]*} 1\\.");

            stack.healthApi().kill();
            // What the kill cut off fails in ways of its own; the journeys after it cannot connect.
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(metrics(port))
                        .containsPattern(failure("page", "page"))
                        .containsPattern(failure("sign-in", "start"));
                assertThat(probe.output().lines())
                        .anyMatch(line -> tellsOf(line, "page", "page"))
                        .anyMatch(line -> tellsOf(line, "sign-in", "start"));
            });
            assertThat(runs(port, "page", "fail")).isPositive();
            assertTellsNoSecret(metrics(port)
                    .lines()
                    .filter(line -> line.startsWith("synthetic_"))
                    .collect(Collectors.joining("\n")));
            double passed = runs(port, "sign-in", "pass");
            stack.healthApi().start();
            stack.healthApi().awaitReady(PATIENCE);
            await().atMost(PATIENCE).until(() -> runs(port, "sign-in", "pass") > passed);
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("it stops when asked to")
                    .isTrue();
        }
        assertTellsNoSecret(probe.output());
    }

    private static String failure(String journey, String step) {
        return "synthetic_journey_step_failures_total\\{(?=[^}]*journey=\"%s\")(?=[^}]*step=\"%s\")[^}]*reason=\"connect\""
                .formatted(journey, step);
    }

    private static boolean tellsOf(String line, String journey, String step) {
        return line.contains("\"event\":\"journey_failed\"")
                && line.contains(
                        "\"operation\":\"%s\",\"phase\":\"%s\",\"reason\":\"connect\"".formatted(journey, step));
    }

    private int sessions() {
        return member.get("/api/v1/me/sessions").json().path("sessions").size();
    }

    /** Tries again like a person: on a busy machine a source may take longer than health-api waits for it. */
    private static Ended onceUntil(ProbeProcess probe, String summary) {
        return await(summary)
                .atMost(PATIENCE.multipliedBy(3))
                .until(probe::once, ended -> ended.output().contains(summary));
    }

    private ProbeProcess probe() throws IOException {
        return new ProbeProcess(stack, directory, ACCOUNT, PERSON, key);
    }

    private void assertTellsNoSecret(String output) {
        assertThat(output).doesNotContain(key).doesNotContain(ACCOUNT).doesNotContain("code=", "state=", "http://");
    }

    private static double runs(int port, String journey, String outcome) {
        return RUNS.matcher(metrics(port))
                .results()
                .filter(series ->
                        series.group(1).equals(journey) && series.group(2).equals(outcome))
                .mapToDouble(series -> Double.parseDouble(series.group(3)))
                .findFirst()
                .orElse(-1);
    }

    /** Empty while it starts. */
    private static String metrics(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 ? answer.body() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
