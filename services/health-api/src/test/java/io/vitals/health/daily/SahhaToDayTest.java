package io.vitals.health.daily;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.health.sahha.SahhaService;
import io.vitals.health.sahha.SahhaSettings;
import io.vitals.health.testing.HealthDatabase;
import io.vitals.health.testing.Keysets;
import io.vitals.health.whoop.WhoopLink;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Envelope;
import io.vitals.kit.json.Json;
import io.vitals.kit.limits.ClientAddresses;
import io.vitals.kit.limits.SourceLimits;
import io.vitals.sandbox.member.Population;
import io.vitals.sandbox.sahha.SahhaConfig;
import io.vitals.sandbox.sahha.SahhaFault;
import io.vitals.sandbox.sahha.SahhaSimulator;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** From Sahha's answers to the member's days, with WHOOP's change feed running beside it. */
class SahhaToDayTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final UUID MEMBER = UUID.fromString("6c0a2d7e-51f1-4c0e-9f6a-3d5c2b1a0f9e");

    @Test
    void aConsentGivesDaysAndASilentSahhaKeepsThem() {
        Clock clock = Clock.systemUTC();
        FakeWhoop whoop = new FakeWhoop();
        try (HealthDatabase health = HealthDatabase.start();
                SahhaSimulator sahha = SahhaSimulator.start(SahhaConfig.of(
                        "the-client", "the-secret", Population.of(7, 1, clock).people(), clock));
                Daily daily = new Daily(
                        health.database(),
                        whoop,
                        clock,
                        Duration.ofMillis(200),
                        Duration.ofMinutes(2),
                        new SimpleMeterRegistry(),
                        Tracer.noOp());
                SahhaService service = new SahhaService(
                        health.database(),
                        new SahhaSettings(
                                URI.create(sahha.url()),
                                "the-client",
                                Secret.of("the-secret"),
                                Secret.of("unused"),
                                Duration.ofMillis(500),
                                new SourceLimits(1_000, 4_000, 2_000, 8_000)),
                        Envelope.fromKeyset(Keysets.fresh()),
                        daily.sahhaListener(),
                        new ClientAddresses(List.of()),
                        clock,
                        new Random(1),
                        new SimpleMeterRegistry(),
                        Tracer.noOp())) {
            daily.start();
            service.start();
            service.consented(MEMBER);
            DailyRecords records = daily.records();
            LocalDate today = records.today(MEMBER);

            await().atMost(SOON)
                    .until(() -> records.range(MEMBER, today.minusDays(40), today, 100)
                                    .count()
                            >= 29);
            LocalDate yesterday = today.minusDays(1);
            JsonNode day = day(records, yesterday);
            assertThat(day.at("/metrics/steps/source").asText()).isEqualTo("sahha");
            assertThat(day.at("/metrics/strain/reason").asText()).isEqualTo("not_connected");
            assertThat(records.overview(MEMBER, yesterday).dataSources()).containsExactly("sahha");
            assertThat(records.overview(MEMBER, yesterday).activity().score()).isBetween(0.0, 100.0);

            whoop.link(MEMBER, WhoopLink.State.ACTIVE);
            await().atMost(SOON)
                    .until(() -> day(records, yesterday)
                            .at("/metrics/strain/reason")
                            .asText()
                            .equals("no_record"));

            sahha.control().fault(new SahhaFault.Down());
            await().atMost(SOON)
                    .until(() ->
                            records.overview(MEMBER, today).processingStats().stale());
            assertThat(records.sources(MEMBER).sources().getLast().stale()).isTrue();
            assertThat(day(records, yesterday).at("/metrics/steps")).isEqualTo(day.at("/metrics/steps"));
        }
    }

    private static JsonNode day(DailyRecords records, LocalDate date) {
        return Json.tree(records.day(MEMBER, date).orElseThrow().json());
    }
}
