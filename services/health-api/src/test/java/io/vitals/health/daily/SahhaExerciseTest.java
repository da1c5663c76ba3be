package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.sahha.SahhaService;
import io.vitals.health.sahha.SahhaSettings;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.health.whoop.WhoopDay;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.json.Json;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimits;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.sahha.SahhaConfig;
import io.vitals.sandbox.sahha.SahhaSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** From the phone's exercise to the member's day, by event and by poll; what the strap saw too is told once. */
class SahhaExerciseTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final UUID MEMBER = UUID.fromString("6c0a2d7e-51f1-4c0e-9f6a-3d5c2b1a0f9e");

    private final Clock clock = Clock.systemUTC();
    private final LocalDate date =
            LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1);
    private final Instant noon = date.atTime(12, 0).toInstant(ZoneOffset.UTC);
    private final FakeWhoop whoop = new FakeWhoop();
    private final List<SahhaService> services = new ArrayList<>();
    private HealthDatabase health;
    private Daily daily;
    private HttpServer server;
    private SahhaSimulator sahha;

    @BeforeEach
    void start() {
        health = HealthDatabase.start();
        daily = new Daily(
                health.database(),
                whoop,
                clock,
                Duration.ofMillis(200),
                Duration.ofMinutes(2),
                new SimpleMeterRegistry(),
                Tracer.noOp());
        server = HttpServer.builder(
                        HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), new SecureRandom())
                .listener(
                        "public",
                        new ListenerSettings("127.0.0.1", 0),
                        new DataSize(1024 * 1024),
                        routes -> routes.post(
                                "/webhooks/sahha",
                                (request, response) ->
                                        services.getFirst().webhook().handle(request, response)))
                .build()
                .start();
        sahha = SahhaSimulator.start(SahhaConfig.of(
                        "the-client", "the-secret", Population.of(7, 1, clock).people(), clock)
                .withWebhooks(URI.create("http://127.0.0.1:" + server.port("public") + "/webhooks/sahha"), "the-hook"));
    }

    @AfterEach
    void stop() {
        services.forEach(SahhaService::close);
        sahha.close();
        server.close();
        daily.close();
        health.close();
    }

    @Test
    void anEventBringsASessionWhichTheWorkoutThatItRepeatsTakesAway() {
        connected(Duration.ofHours(1));

        theSessionsShowUntilTheStrapHasSeenOneOfThem();
        assertThat(sahha.control().deliveries()).allMatch(delivery -> delivery.status() == 204);
    }

    @Test
    void aPollBringsWhatTheEventsDidNot() {
        connected(Duration.ofMillis(500));
        sahha.control().dropWebhooks(Integer.MAX_VALUE);

        theSessionsShowUntilTheStrapHasSeenOneOfThem();
        assertThat(sahha.control().deliveries()).noneMatch(delivery -> delivery.status() == 204);
    }

    private void connected(Duration interval) {
        SahhaService service = new SahhaService(
                health.database(),
                new SahhaSettings(
                        URI.create(sahha.url()),
                        "the-client",
                        Secret.of("the-secret"),
                        Secret.of("the-hook"),
                        interval,
                        new SourceLimits(1_000, 4_000, 2_000, 8_000)),
                Envelope.fromKeyset(Keysets.fresh()),
                daily.sahhaListener(),
                new ClientAddresses(List.of()),
                clock,
                new Random(1),
                new SimpleMeterRegistry(),
                Tracer.noOp());
        services.add(service);
        daily.start();
        service.start();
        service.consented(MEMBER);
        await().atMost(SOON).until(() -> daily.records().day(MEMBER, date).isPresent());
    }

    private void theSessionsShowUntilTheStrapHasSeenOneOfThem() {
        String member = MEMBER.toString();
        Instant evening = noon.plus(Duration.ofHours(8));
        assertThat(sahha.control()
                        .exercise(member, "nordic_walking", noon, noon.plus(Duration.ofHours(1)), ZoneOffset.UTC))
                .isTrue();
        sahha.control().exercise(member, "fencing", evening, evening.plus(Duration.ofHours(1)), ZoneOffset.UTC);
        // Nothing is dropped before there is a workout that it could repeat.
        await().atMost(SOON).untilAsserted(() -> assertThat(sports()).contains("nordic_walking", "fencing"));

        // Half of the walk to the minute, and a quarter of the fencing.
        WhoopDay.Workout walk = Days.workout("w-1", noon.minus(Duration.ofMinutes(30)), Duration.ofHours(1));
        WhoopDay.Workout other = Days.workout("w-2", evening.minus(Duration.ofMinutes(45)), Duration.ofHours(1));
        whoop.put(MEMBER, new WhoopDay(date, 7, null, null, List.of(), List.of(walk, other), null, List.of()));

        await().atMost(SOON).untilAsserted(() -> assertThat(ids()).contains("w-1", "w-2"));
        assertThat(sports()).contains("fencing").doesNotContain("nordic_walking");
        JsonNode fencing = entries().stream()
                .filter(entry -> entry.path("sport").asText().equals("fencing"))
                .findFirst()
                .orElseThrow();
        assertThat(fencing.path("source").asText()).isEqualTo("sahha");
        assertThat(Instant.parse(fencing.path("start").asText())).isEqualTo(evening);
    }

    private List<String> sports() {
        return entries().stream().map(entry -> entry.path("sport").asText()).toList();
    }

    private List<String> ids() {
        return entries().stream().map(entry -> entry.path("id").asText()).toList();
    }

    private List<JsonNode> entries() {
        List<JsonNode> entries = new ArrayList<>();
        Json.tree(daily.records().day(MEMBER, date).orElseThrow().json())
                .path("workouts")
                .forEach(entries::add);
        return entries;
    }
}
