package io.vitals.whoop;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.Meter;
import io.vitals.kit.json.Json;
import io.vitals.kit.outbound.OutboundRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InternalApiTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private RunningService service;
    private UUID member;

    @BeforeAll
    void start() {
        service = RunningService.start();
        member = service.connect(1);
        await().atMost(SOON)
                .until(() -> Rows.fetched(service, member)
                        && service.link(member).path("sync").path("days_done").asInt() == 30);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void aCallThatNobodySignedIsRefused() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(service.internalUrl().resolve("/internal/v1/links/" + member))
                    .build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        assertThat(status("/internal/v1/links/not-a-uuid")).isEqualTo(400);
        assertThat(status("/internal/v1/days/" + member, "from", "2026-01-01")).isEqualTo(400);
        assertThat(status("/internal/v1/days/" + member, "from", "2026-01-02", "to", "2026-01-01"))
                .isEqualTo(400);
        assertThat(status("/internal/v1/days/" + member, "from", "2025-01-01", "to", "2026-12-31"))
                .isEqualTo(400);
        assertThat(status("/internal/v1/changes", "after", "yesterday")).isEqualTo(400);
        assertThat(status("/internal/v1/changes", "wait", "26")).isEqualTo(400);
        assertThat(service.post("/internal/v1/links/" + member, Map.of("session_binding", "short"))
                        .status())
                .isEqualTo(400);
        assertThat(service.post("/internal/v1/sync/" + UUID.randomUUID(), Map.of())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aLongPollIsAnsweredBeforeItsCallerGivesUp() throws Exception {
        String latest = "";
        JsonNode page;
        do {
            page = service.get("/internal/v1/changes", "after", latest, "limit", "1000");
            latest = page.path("cursor").asText();
        } while (!page.path("changes").isEmpty());
        // Were the deadline in the call not obeyed, the answer would come after 25 seconds, when the caller is gone.
        HttpResponse<String> answer = service.getTelling(
                Duration.ofSeconds(1), Duration.ofSeconds(20), "/internal/v1/changes", "after=" + latest + "&wait=25");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.tree(answer.body().getBytes(StandardCharsets.UTF_8)).path("changes"))
                .isEmpty();
    }

    @Test
    void anUnknownMemberHasNoLinkAndNoDays() {
        UUID nobody = UUID.randomUUID();

        assertThat(service.link(nobody).path("state").asText()).isEqualTo("none");
        assertThat(service.link(nobody).path("sync").path("state").asText()).isEqualTo("idle");
        assertThat(StoredDays.of(service, nobody)).isEmpty();
    }

    @Test
    void coverageTellsForEachDayWhatIsThere() {
        LocalDate today = LocalDate.now(java.time.ZoneOffset.UTC);
        JsonNode days = service.get(
                        "/internal/v1/coverage/" + member,
                        "from",
                        today.minusDays(40).toString(),
                        "to",
                        today.toString())
                .path("days");

        assertThat(days.size()).isEqualTo(41);
        assertThat(days.get(0).path("sleep").asText()).isEqualTo("missing");
        assertThat(days.get(20).path("sleep").asText()).isIn("present", "empty");
        assertThat(days)
                .anySatisfy(day -> assertThat(day.path("workout").asText()).isEqualTo("empty"));
        assertThat(days)
                .anySatisfy(day -> assertThat(day.path("recovery").asText()).isEqualTo("present"));
    }

    @Test
    void theFeedTellsEveryDayOfABackfillAndItsVersionMatches() {
        List<JsonNode> changes = new ArrayList<>();
        String cursor = "";
        while (true) {
            JsonNode page = service.get("/internal/v1/changes", "after", cursor, "limit", "50", "wait", "0");
            page.path("changes").forEach(changes::add);
            cursor = page.path("cursor").asText();
            if (page.path("changes").isEmpty()) {
                break;
            }
        }

        assertThat(changes)
                .extracting(change -> change.path("kind").asText())
                .contains("link", "cycle", "recovery", "sleep", "workout", "profile", "body");
        for (JsonNode day : StoredDays.of(service, member)) {
            assertThat(changes).anySatisfy(change -> {
                assertThat(change.path("member").asText()).isEqualTo(member.toString());
                assertThat(change.path("date").asText())
                        .isEqualTo(day.path("date").asText());
            });
        }
    }

    @Test
    void metersAreThereBeforeAnythingHappens() {
        List<String> names = service.registry().getMeters().stream()
                .map(Meter::getId)
                .map(Meter.Id::getName)
                .distinct()
                .toList();

        assertThat(names)
                .contains(
                        "whoop.client.requests",
                        "whoop.client.rate.limited",
                        "whoop.client.rate.limit.limit",
                        "whoop.client.rate.limit.remaining",
                        "whoop.client.quota.used.today",
                        "whoop.oauth.authorizations",
                        "whoop.oauth.token.refresh",
                        "whoop.oauth.tokens",
                        "whoop.webhook.received",
                        "whoop.webhook.processing",
                        "whoop.webhook.queue.depth",
                        "whoop.webhook.oldest.pending",
                        "whoop.webhook.dead.letter",
                        "whoop.webhook.last.received.timestamp",
                        "whoop.sync.runs",
                        "whoop.sync.duration",
                        "whoop.sync.last.success.timestamp",
                        "whoop.sync.users.stale",
                        "whoop.sync.lag",
                        "whoop.sync.deletions",
                        "scheduler.runs",
                        "whoop.records.upserted");
        assertThat(service.registry()
                        .get("whoop.webhook.received")
                        .tag("type", "recovery.deleted")
                        .tag("outcome", "bad_signature")
                        .counter()
                        .count())
                .isZero();
    }

    private int status(String path, String... query) {
        OutboundRequest request = OutboundRequest.get("test", path);
        for (int i = 0; i < query.length; i += 2) {
            request = request.query(query[i], query[i + 1]);
        }
        var response = service.call(request);
        if (response.status() == 400) {
            assertThat(Json.tree(response.body()).path("type").asText()).isEqualTo("urn:vitals:problem:invalid-input");
        }
        return response.status();
    }
}
