package io.vitals.sandbox.sahha;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.sandbox.http.Form;
import io.vitals.sandbox.http.LocalServer;
import io.vitals.sandbox.member.Person;
import io.vitals.sandbox.member.PersonDay;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.member.SleepSpan;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SahhaSimulatorTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T15:20:00Z"), ZoneOffset.UTC);
    private static final String SECRET = "test-webhook-secret";
    private static final String MEMBER = "6c0a2d7e-51f1-4c0e-9f6a-3d5c2b1a0f9e";

    /** Longer than any answer takes: an end before it is one that the simulator has made. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Population population = Population.of(7, 2, CLOCK);
    private final Person person = population.people().getFirst();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private LocalServer receiver;
    private SahhaSimulator sahha;

    private record Received(String signature, String externalId, String eventType, byte[] body) {
        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    @BeforeEach
    void start() {
        receiver = LocalServer.start(
                0,
                routing -> routing.post("/hook", (request, response) -> {
                    received.add(new Received(
                            request.headers()
                                    .value(io.helidon.http.HeaderNames.create("X-Signature"))
                                    .orElse(""),
                            request.headers()
                                    .value(io.helidon.http.HeaderNames.create("X-External-Id"))
                                    .orElse(""),
                            request.headers()
                                    .value(io.helidon.http.HeaderNames.create("X-Event-Type"))
                                    .orElse(""),
                            Form.bodyOf(request)));
                    response.status(204).send();
                }));
        sahha = SahhaSimulator.start(SahhaConfig.of("the-client", "the-secret", population.people(), CLOCK)
                .withWebhooks(URI.create("http://127.0.0.1:" + receiver.port() + "/hook"), SECRET));
    }

    @AfterEach
    void stop() {
        sahha.close();
        receiver.close();
    }

    @Test
    void an_account_token_needs_the_client_and_lasts_a_day() throws Exception {
        JsonNode good =
                json(post("/oauth/account/token", Map.of("clientId", "the-client", "clientSecret", "the-secret")));
        assertThat(good.path("expiresIn").asInt()).isEqualTo(86_400);
        assertThat(good.path("accountToken").asText()).isNotEmpty();
        var wrong = Map.of("clientId", "the-client", "clientSecret", "guess");
        assertThat(post("/oauth/account/token", wrong).statusCode()).isEqualTo(401);
    }

    @Test
    void a_profile_is_registered_once_and_then_gets_tokens() throws Exception {
        String account = account();
        HttpResponse<String> registered = post("/oauth/profile/register", Map.of("externalId", MEMBER), account);
        assertThat(registered.statusCode()).isEqualTo(201);
        assertThat(json(registered).has("profileToken")).isTrue();
        assertThat(post("/oauth/profile/register", Map.of("externalId", MEMBER), account)
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/oauth/profile/register", Map.of("externalId", "no good id"), account)
                        .statusCode())
                .isEqualTo(400);
        HttpResponse<String> again = post("/oauth/profile/token", Map.of("externalId", MEMBER), account);
        assertThat(again.statusCode()).isEqualTo(200);
        String profile = "profile " + json(again).path("profileToken").asText();
        assertThat(get("/profile/score?" + span(today(), today()), profile).statusCode())
                .isEqualTo(200);
        assertThat(post("/oauth/profile/token", Map.of("externalId", "stranger"), account)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void tokens_unknown_or_of_the_wrong_kind_get_401_and_unknown_profiles_404() throws Exception {
        String account = register();
        String path = "/profile/score/" + MEMBER;
        assertThat(get(path).statusCode()).isEqualTo(401);
        assertThat(get(path, "account guess").statusCode()).isEqualTo(401);
        assertThat(get(path, account.replace("account ", "Bearer ")).statusCode())
                .isEqualTo(401);
        assertThat(get("/profile/score/stranger", account).statusCode()).isEqualTo(404);
        assertThat(get(path, account).statusCode()).isEqualTo(200);
        sahha.control().revokeTokens();
        assertThat(get(path, account).statusCode()).isEqualTo(401);
    }

    @Test
    void nothing_in_the_span_is_204_without_a_body() throws Exception {
        String account = register();
        HttpResponse<String> answer =
                get("/profile/score/" + MEMBER + "?" + span(today().plusDays(20), today().plusDays(21)), account);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void a_broken_question_is_400() throws Exception {
        String account = register();
        assertThat(get("/profile/score/" + MEMBER + "?types=luck", account).statusCode())
                .isEqualTo(400);
        assertThat(get("/profile/score/" + MEMBER + "?startDateTime=yesterday", account)
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void scores_tell_the_persons_days_and_know_both_ways_to_list_types() throws Exception {
        String account = register();
        LocalDate from = today().minusDays(9);
        String repeated = "&types=sleep&types=activity";
        JsonNode scores = json(get("/profile/score/" + MEMBER + "?" + span(from, today()) + repeated, account));
        assertThat(scores.size()).isBetween(19, 20);
        for (JsonNode score : scores) {
            assertThat(score.path("score").asDouble()).isBetween(0.0, 1.0);
            assertThat(score.path("type").asText()).isIn("sleep", "activity");
            assertThat(score.path("state").asText()).isIn("minimal", "low", "medium", "high");
            assertThat(score.path("externalId").asText()).isEqualTo(MEMBER);
            assertThat(score.path("factors").isArray()).isTrue();
            OffsetDateTime midnight =
                    OffsetDateTime.parse(score.path("scoreDateTime").asText());
            assertThat(midnight.toLocalTime()).isEqualTo(java.time.LocalTime.MIDNIGHT);
        }
        JsonNode commas =
                json(get("/profile/score/" + MEMBER + "?" + span(from, today()) + "&types=sleep,activity", account));
        assertThat(commas).isEqualTo(scores);
    }

    @Test
    void the_quick_start_shape_has_a_percentage_and_no_identity() throws Exception {
        String account = register();
        String query = "/profile/score/" + MEMBER + "?types=activity&" + span(today().minusDays(1), today());
        double full = json(get(query, account)).get(0).path("score").asDouble();
        sahha.control().scoreShape(ScoreShape.QUICK_START);
        JsonNode quick = json(get(query, account)).get(0);
        assertThat(quick.path("value").asDouble()).isEqualTo(full * 100, org.assertj.core.data.Offset.offset(0.06));
        assertThat(quick.has("id")).isFalse();
        assertThat(quick.has("scoreDateTime")).isFalse();
        assertThat(OffsetDateTime.parse(quick.path("createdAt").asText()).toLocalDate())
                .isEqualTo(today().minusDays(1));
    }

    @Test
    void biomarkers_carry_the_values_of_the_person_as_texts() throws Exception {
        String account = register();
        LocalDate date = today().minusDays(3);
        PersonDay day = person.day(date);
        JsonNode all = json(get("/profile/biomarker/" + MEMBER + "?" + span(date, date), account));
        assertThat(all).allMatch(document -> document.path("value").isTextual());
        assertThat(value(all, "steps"))
                .isEqualTo(Integer.toString(day.movement().steps()));
        SleepSpan night = Objects.requireNonNull(BiomarkerDocuments.mainSleep(day));
        assertThat(Double.parseDouble(value(all, "sleep_duration")))
                .isEqualTo(night.asleep().toSeconds() / 60.0, org.assertj.core.data.Offset.offset(0.01));
        assertThat(OffsetDateTime.parse(value(all, "sleep_end_time"))
                        .toInstant()
                        .getEpochSecond())
                .isEqualTo(night.end().getEpochSecond());
        assertThat(all.get(0).path("startDateTime").asText()).startsWith(date.toString());

        JsonNode sleep = json(get("/profile/biomarker/" + MEMBER + "?categories=sleep&" + span(date, date), account));
        assertThat(sleep)
                .isNotEmpty()
                .allMatch(document -> "sleep".equals(document.path("category").asText()));
        JsonNode one = json(get("/profile/biomarker/" + MEMBER + "?types=weight&" + span(date, date), account));
        assertThat(one).hasSize(1);
    }

    @Test
    void an_exercise_session_comes_as_a_data_log_and_to_whoever_asks_as_a_biomarker_of_the_same_id() throws Exception {
        String account = register();
        LocalDate date = today().minusDays(3);
        Instant start = person.day(date).start().plus(Duration.ofHours(15));
        assertThat(sahha.control()
                        .exercise(MEMBER, "walking", start, start.plus(Duration.ofMinutes(40)), ZoneOffset.UTC))
                .isTrue();
        assertThat(sahha.control().exercise("stranger", "walking", start, start.plusSeconds(1), ZoneOffset.UTC))
                .isFalse();
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == 1);

        JsonNode event = received.getFirst().json();
        assertThat(received.getFirst().eventType()).isEqualTo("DataLogReceivedIntegrationEvent");
        assertThat(event.path("logType").asText()).isEqualTo("exercise");
        assertThat(event.path("dataType").asText()).isEqualTo("exercise_session_walking");
        assertThat(event.at("/dataLogs/0/value").asDouble()).isEqualTo(40);
        JsonNode told = json(get("/profile/biomarker/" + MEMBER + "?categories=exercise&" + span(date, date), account));
        assertThat(told).hasSize(person.day(date).exercises().size() + 1);
        assertThat(told).anyMatch(document -> document.path("id").equals(event.at("/dataLogs/0/id")));
        assertThat(told)
                .allMatch(document -> document.path("startDateTime").asText().startsWith(date.toString()));
    }

    @Test
    void the_same_question_gets_the_same_bytes() throws Exception {
        String account = register();
        String query = "/profile/biomarker/" + MEMBER + "?" + span(today().minusDays(30), today());
        assertThat(get(query, account).body()).isEqualTo(get(query, account).body());
    }

    @Test
    void the_first_profile_is_the_first_person_and_stays_it_after_a_restart(@TempDir Path directory) throws Exception {
        var config = SahhaConfig.of("the-client", "the-secret", population.people(), CLOCK)
                .withProfilesFile(directory.resolve("profiles"));
        sahha.close();
        sahha = SahhaSimulator.start(config);
        register();
        sahha.close();
        sahha = SahhaSimulator.start(config);
        assertThat(sahha.control().profiles()).containsExactly(MEMBER);
        assertThat(get("/profile/score/" + MEMBER, account()).statusCode()).isEqualTo(200);
    }

    @Test
    void it_does_not_start_under_a_production_profile() {
        var config = SahhaConfig.of("the-client", "the-secret", population.people(), CLOCK)
                .withProfile("production");
        assertThatThrownBy(() -> SahhaSimulator.start(config)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void events_are_signed_over_the_raw_body_and_named_in_the_headers() throws Exception {
        register();
        int sent = sahha.control().announceToday();
        assertThat(sent).isGreaterThan(10);
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == sent);
        for (Received event : received) {
            assertThat(event.signature()).isEqualTo(Webhooks.sign(SECRET, event.body()));
            assertThat(event.externalId()).isEqualTo(MEMBER);
            JsonNode body = event.json();
            assertThat(body.path("externalId").asText()).isEqualTo(MEMBER);
            String rest = body.has("dataLogs") ? "DataLogReceived" : "BiomarkerCreated";
            assertThat(event.eventType()).isEqualTo((body.has("score") ? "ScoreCreated" : rest) + "IntegrationEvent");
        }
        assertThat(sahha.control().deliveries()).hasSize(sent).allMatch(delivery -> delivery.status() == 204);
    }

    @Test
    void the_signature_matches_the_published_check_vector() {
        byte[] body = "{\"type\":\"sleep\",\"score\":0.72,\"externalId\":\"u-1\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(body).hasSize(48);
        assertThat(Webhooks.sign(SECRET, body))
                .isEqualTo("614e091a845782c73c022d0675759fed2a51f4728586b184f4a2d13024cd6a45");
    }

    @Test
    void events_get_lost_and_doubled_on_demand() throws Exception {
        register();
        sahha.control().dropWebhooks(2);
        int sent = sahha.control().announceToday();
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == sent - 2);
        received.clear();
        sahha.control().duplicateWebhooks(1);
        sahha.control().announceToday();
        await().atMost(Duration.ofSeconds(10)).until(() -> received.size() == sent + 1);
        assertThat(received.get(0).body()).isEqualTo(received.get(1).body());
    }

    @Test
    void each_fault_shows_as_itself_and_ends_when_told() throws Exception {
        String account = register();
        String path = "/profile/score/" + MEMBER;
        SahhaControl control = sahha.control();

        control.fault(new SahhaFault.Status(500));
        assertThat(get(path, account).statusCode()).isEqualTo(500);
        control.fault(new SahhaFault.WrongJson());
        assertThatThrownBy(() -> json(get(path, account))).isInstanceOf(JsonProcessingException.class);
        control.fault(new SahhaFault.Cut());
        assertThatThrownBy(
                        () -> http.send(request(path, account).timeout(PATIENCE).build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
        control.fault(new SahhaFault.Slow(Duration.ofSeconds(5)));
        assertThatThrownBy(() -> http.send(
                        request(path, account).timeout(Duration.ofMillis(200)).build(), BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        control.fault(new SahhaFault.Down());
        assertThatThrownBy(() -> get(path, account)).isInstanceOf(ConnectException.class);
        control.fault(new SahhaFault.None());
        assertThat(get(path, account).statusCode()).isEqualTo(200);
    }

    private LocalDate today() {
        return person.today();
    }

    private static String value(JsonNode documents, String type) {
        return StreamSupport.stream(documents.spliterator(), false)
                .filter(document -> type.equals(document.path("type").asText()))
                .map(document -> document.path("value").asText())
                .findFirst()
                .orElseThrow();
    }

    /** The instants of the local midnights from the first to the last date. */
    private String span(LocalDate from, LocalDate to) {
        Instant start = from.isAfter(today())
                ? from.atStartOfDay(ZoneOffset.UTC).toInstant()
                : person.day(from).start();
        Instant end = to.isAfter(today())
                ? to.atStartOfDay(ZoneOffset.UTC).toInstant()
                : person.day(to).start();
        return "startDateTime=" + start + "&endDateTime=" + end;
    }

    private String account() throws Exception {
        var client = Map.of("clientId", "the-client", "clientSecret", "the-secret");
        return "account "
                + json(post("/oauth/account/token", client))
                        .path("accountToken")
                        .asText();
    }

    private String register() throws Exception {
        String account = account();
        assertThat(post("/oauth/profile/register", Map.of("externalId", MEMBER), account)
                        .statusCode())
                .isEqualTo(201);
        return account;
    }

    private HttpRequest.Builder request(String path, String... authorization) {
        var request = HttpRequest.newBuilder(URI.create(sahha.url() + "/api/v1" + path));
        for (String header : authorization) {
            request.header("Authorization", header);
        }
        return request;
    }

    private HttpResponse<String> get(String path, String... authorization) throws Exception {
        return http.send(request(path, authorization).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, Map<String, String> body, String... authorization) throws Exception {
        return http.send(
                request(path, authorization)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
