package io.vitals.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.sandbox.http.Place;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.whoop.WhoopSimulator;
import io.vitals.sandbox.whoop.WhoopSimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ControlServerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Population people =
            Population.of(1, 2, Clock.fixed(Instant.parse("2026-11-22T19:30:00Z"), ZoneOffset.UTC));
    private final WhoopSimulator whoop =
            WhoopSimulator.start(WhoopSimulatorConfig.of("client-1", "secret", "http://localhost:8080/back"), people);
    private final ControlServer server =
            ControlServer.start("sandbox", Place.LOOPBACK, 0, List.of(whoop.controlModule()));
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
        whoop.close();
    }

    @Test
    void aProductionProfileIsRefused() {
        assertThatThrownBy(() -> ControlServer.start("production", Place.LOOPBACK, 0, List.of()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNewSleepIsAskedForByNumberOrLabel() throws Exception {
        HttpResponse<String> answer = post("/api/whoop/new-sleep", "{\"member\":2}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(people.member(2).sleeps().getFirst().id().toString())
                .isEqualTo(JSON.readTree(answer.body()).get("sleep").asText());
        assertThat(post("/api/whoop/new-sleep", "{\"member\":\"1 Mira\"}").statusCode())
                .isEqualTo(200);
    }

    /** Every action with the inputs a person would leave as they are. */
    static Stream<String> actions() {
        return Stream.of(
                "new-sleep",
                "finish-cycle",
                "delete-workout",
                "delete-sleep",
                "score-pending",
                "fault",
                "clear-faults",
                "webhooks",
                "webhook-targets",
                "clock",
                "expire-access-tokens",
                "revoke",
                "reset-figures");
    }

    @ParameterizedTest
    @MethodSource("actions")
    void everyActionWorksWithItsInitialInputs(String action) throws Exception {
        HttpResponse<String> answer = post("/api/whoop/" + action, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void theListedActionsAreTheTestedOnes() throws Exception {
        JsonNode modules = JSON.readTree(get("/api").body()).get("modules");
        assertThat(modules.get(0).get("name").asText()).isEqualTo("whoop");
        assertThat(modules.get(0).get("actions").findValuesAsText("hint"))
                .hasSize((int) actions().count())
                .allSatisfy(hint -> assertThat(hint).isNotBlank());
    }

    @Test
    void theStatusShowsFaultsAndFigures() throws Exception {
        post("/api/whoop/fault", "{\"kind\":\"429\",\"endpoint\":\"cycle\",\"calls\":3}");
        JsonNode status = JSON.readTree(get("/api/whoop").body());
        assertThat(status.get("ordered_faults").get(0).asText()).contains("429", "CYCLE", "3 calls");
        assertThat(status.get("figures").get("busiest_minute").isInt()).isTrue();
    }

    @Test
    void wrongInputsAndForeignPagesAreRefused() throws Exception {
        assertThat(post("/api/whoop/new-sleep", "{\"member\":9}").statusCode()).isEqualTo(400);
        assertThat(post("/api/whoop/new-sleep", "{\"other\":1}").statusCode()).isEqualTo(400);
        assertThat(post("/api/whoop/new-sleep", "[]").statusCode()).isEqualTo(400);
        assertThat(post("/api/whoop/delete-sleep", "{\"id\":\"x\"}").statusCode())
                .isEqualTo(400);
        assertThat(post("/api/whoop/nothing", "{}").statusCode()).isEqualTo(404);
        assertThat(get("/api/nothing").statusCode()).isEqualTo(404);
        HttpRequest form = HttpRequest.newBuilder(server.url().resolve("/api/whoop/new-sleep"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertThat(http.send(form, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }

    @Test
    void thePageIsServedWithoutAnythingFromElsewhere() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.body()).contains("/control.css", "/control.js").doesNotContain("http");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'");
        assertThat(get("/control.js").statusCode()).isEqualTo(200);
        assertThat(get("/control.css").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.url().resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.url().resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
