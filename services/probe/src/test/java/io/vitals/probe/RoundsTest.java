package io.vitals.probe;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.probe.browser.Browser;
import io.vitals.probe.browser.BrowserException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

class RoundsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final ProbeSettings.Limits LIMITS =
            new ProbeSettings.Limits(Duration.ofSeconds(1), Duration.ofSeconds(1), DataSize.parse("1KiB"));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Rounds.class.getPackageName());

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void aFailureIsCountedAndLoggedByJourneyStepAndReason() {
        walk(List.of(new OneStep(
                "broken",
                walk -> walk.act("look", () -> {
                    throw new BrowserException(BrowserException.Kind.TLS);
                }))));
        assertThat(failures("broken", "look", "tls")).isEqualTo(1);
        assertThat(lines.list).hasSize(1);
        assertThat(fields(lines.list.getFirst()))
                .containsEntry("event", "journey_failed")
                .containsEntry("operation", "broken")
                .containsEntry("phase", "look")
                .containsEntry("reason", "tls")
                .containsKey("duration_ms");
    }

    @Test
    void aJourneyThatPassesIsNotLogged() {
        walk(List.of(new OneStep("sound", walk -> walk.act("look", () -> {}))));
        assertThat(runs("sound", "pass")).isEqualTo(1);
        assertThat(lines.list).isEmpty();
    }

    @Test
    void aFaultOfOursOutsideItsStepsIsCountedAndTheOthersAreWalked() {
        walk(List.of(
                new OneStep("broken", walk -> {
                    throw new IllegalStateException("at http://localhost/?code=secret");
                }),
                new OneStep("sound", walk -> walk.act("look", () -> {}))));
        assertThat(runs("broken", "fail")).isEqualTo(1);
        assertThat(failures("broken", "look", "internal")).isEqualTo(1);
        assertThat(runs("sound", "pass")).isEqualTo(1);
        assertThat(lines.list)
                .extracting(line -> fields(line).get("event"))
                .containsExactly("journey_broke", "journey_failed");
        assertThat(lines.list)
                .allSatisfy(line -> assertThat(fields(line).toString())
                        .contains("operation=broken")
                        .doesNotContain("secret"));
    }

    @Test
    void whatAnInterruptCutOffIsNotCounted() {
        try {
            walk(List.of(new OneStep("cut", walk -> {
                Thread.currentThread().interrupt();
                walk.act("look", () -> {
                    throw new BrowserException(BrowserException.Kind.TIMEOUT);
                });
            })));
        } finally {
            assertThat(Thread.interrupted()).as("left for the loop to see").isTrue();
        }
        assertThat(runs("cut", "fail")).isZero();
        assertThat(lines.list).isEmpty();
    }

    private void walk(List<Journey> all) {
        new Rounds(new Journeys(LIMITS, all), new JourneyMeters(registry, all), CLOCK, () -> false).walk();
    }

    private double runs(String journey, String outcome) {
        return registry.get("synthetic.journey.runs")
                .tags("journey", journey, "outcome", outcome)
                .counter()
                .count();
    }

    private double failures(String journey, String step, String reason) {
        return registry.get("synthetic.journey.step.failures")
                .tags("journey", journey, "step", step, "reason", reason)
                .counter()
                .count();
    }

    private static Map<String, Object> fields(ILoggingEvent line) {
        return line.getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value));
    }

    private record OneStep(String name, Consumer<Walk> work) implements Journey {
        @Override
        public List<String> steps() {
            return List.of("look");
        }

        @Override
        public void walk(Walk walk, Browser browser) {
            work.accept(walk);
        }
    }
}
