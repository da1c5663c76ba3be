package io.vitals.probe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PageJourneyTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
    private static final String QUERY = "?response_type=code&state=s&code_challenge=c&code_challenge_method=S256";

    private final StubSite site = new StubSite();
    private final StubSite issuer = new StubSite();
    private final List<String> printed = new ArrayList<>();

    @BeforeEach
    void soundSite() {
        site.text("/", "text/html", """
                <link rel="stylesheet" href="/a.css"><script type="module" src="/js/app.js"></script>""");
        site.text("/a.css", "text/css", "p{}");
        site.text(
                "/js/app.js",
                "text/javascript",
                "import {\n  a,\n} from './part.js';\nimport '../more.js';\nconst x = './not.js';");
        site.text("/js/part.js", "text/javascript", "export { b } from './part.js';");
        site.text("/more.js", "text/javascript", "1");
        site.redirect("/auth/login", issuer.at("/authorize" + QUERY).toString());
    }

    @AfterEach
    void close() {
        site.close();
        issuer.close();
    }

    @Test
    void aPageWithAllThatItNeedsPasses() throws Exception {
        OnceCommand.run(journeys(), printed::add);
        assertThat(printed).hasSize(4);
        assertThat(printed.get(1)).startsWith("page     assets         ok").endsWith(" ms");
        assertThat(printed.getLast()).isEqualTo("1 passed, 0 failed");
        assertThat(site.seen())
                .extracting(StubSite.Seen::path)
                .containsExactly("/", "/a.css", "/js/app.js", "/js/part.js", "/more.js", "/auth/login");
        assertThat(issuer.seen()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamedByItsStep() {
        site.page("/more.js", exchange -> StubSite.send(exchange, 404, "text/plain", "body-of-the-answer"));
        assertFails("1 failed: page (assets: status_404)");
        site.text("/more.js", "text/javascript", "");
        assertFails("page (assets: content)");
        soundSite();
        site.text("/", "text/html", "<p>Down for maintenance</p>");
        assertFails("page (page: content)");
        soundSite();
        site.text("/", "text/html", "<script src=\"http://cdn.example/x.js\"></script>");
        assertFails("page (assets: redirect)");
    }

    @Test
    void aSignInThatLeadsElsewhereOrWithoutPkceFails() {
        site.redirect("/auth/login", site.at("/authorize" + QUERY).toString());
        assertFails("page (sign-in-start: redirect)");
        site.redirect("/auth/login", issuer.at("/authorize?response_type=code").toString());
        assertFails("page (sign-in-start: content)");
        site.page("/auth/login", exchange -> StubSite.send(exchange, 503, "text/plain", ""));
        assertFails("page (sign-in-start: status_503)");
    }

    @Test
    void aStopBeginsNoOtherJourney() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Journeys journeys = journeys();
        new Rounds(journeys, new JourneyMeters(registry, journeys.all()), CLOCK, () -> true).walk();
        assertThat(site.seen()).isEmpty();
        assertThat(runs(registry, "fail")).isZero();
    }

    @Test
    void roundsAreCountedByOutcomeStepAndReason() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Journeys journeys = journeys();
        Rounds rounds = new Rounds(journeys, new JourneyMeters(registry, journeys.all()), CLOCK, () -> false);
        assertThat(runs(registry, "pass")).as("there before the first run").isZero();
        assertThat(runs(registry, "fail")).isZero();
        assertThat(lastSuccess(registry)).isZero();

        rounds.walk();
        assertThat(runs(registry, "pass")).isEqualTo(1);
        assertThat(lastSuccess(registry)).isEqualTo(CLOCK.instant().getEpochSecond());
        assertThat(registry.get("synthetic.journey.step.duration")
                        .tags("journey", "page", "step", "assets", "outcome", "pass")
                        .timer()
                        .count())
                .isEqualTo(1);

        site.page("/a.css", exchange -> StubSite.send(exchange, 500, "text/plain", ""));
        rounds.walk();
        assertThat(runs(registry, "pass")).isEqualTo(1);
        assertThat(runs(registry, "fail")).isEqualTo(1);
        Counter failures = registry.get("synthetic.journey.step.failures")
                .tags("journey", "page", "step", "assets", "reason", "status_500")
                .counter();
        assertThat(failures.count()).isEqualTo(1);
        assertThat(lastSuccess(registry)).isEqualTo(CLOCK.instant().getEpochSecond());
    }

    private static double runs(SimpleMeterRegistry registry, String outcome) {
        return registry.get("synthetic.journey.runs")
                .tags("journey", "page", "outcome", outcome)
                .counter()
                .count();
    }

    private static long lastSuccess(SimpleMeterRegistry registry) {
        return (long) registry.get("synthetic.journey.last.success.timestamp")
                .tag("journey", "page")
                .timeGauge()
                .value(TimeUnit.SECONDS);
    }

    private void assertFails(String summary) {
        printed.clear();
        assertThatThrownBy(() -> OnceCommand.run(journeys(), printed::add))
                .isInstanceOf(OnceCommand.FailedException.class)
                .hasMessageEndingWith(summary);
        assertThat(printed.toString()).contains("FAILED").doesNotContain("http").doesNotContain("body-of-the-answer");
    }

    private Journeys journeys() {
        Map<String, String> environment = new HashMap<>();
        environment.put("VITALS_PROFILE", "sandbox");
        environment.put("VITALS_JOURNEYS", "page");
        environment.put("VITALS_TARGET", site.at("").toString());
        environment.put("VITALS_ISSUER", issuer.at("").toString());
        return Journeys.of(Settings.load(ProbeSettings.class, environment), CLOCK);
    }
}
