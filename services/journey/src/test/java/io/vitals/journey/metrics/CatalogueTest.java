package io.vitals.journey.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.oncall.OnCallProcess;
import io.vitals.journey.process.MemberSession;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** monitoring/catalogue.yaml says what the running services measure, and nothing else. */
@ExtendWith(RunningVitals.class)
class CatalogueTest {
    private static final int PERSON = 3;

    @TempDir
    Path folder;

    @Test
    void theServicesMeasureWhatTheCatalogueSays(Stack stack) throws Exception {
        var catalogue = new Catalogue(new YAMLMapper()
                .readTree(Tools.ROOT.resolve("monitoring/catalogue.yaml").toFile()));
        Map<String, Scrape> pages = new LinkedHashMap<>();
        // Calls to others and collections of garbage are measured once there was one.
        MemberSession jonas = MemberSession.signIn(stack, "jonas");
        jonas.connect(PERSON);
        try {
            collect(stack.healthApi().pid());
            collect(stack.whoopService().pid());
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                pages.put("health-api", catalogue.kept(scrape(stack.ports().healthManagement())));
                pages.put("whoop-service", catalogue.kept(scrape(stack.ports().whoopManagement())));
                assertThat(pages)
                        .allSatisfy((service, page) ->
                                assertThat(catalogue.missing(service, page)).isEmpty());
            });
        } finally {
            jonas.disconnect();
        }
        assertThat(catalogue.differences(pages)).isEmpty();
        for (Scrape page : pages.values()) {
            assertThat(lint(page)).isEmpty();
        }
    }

    @Test
    void noPromiseCountsWhatIsOpenForAsLongAsItTakes(Stack stack) throws Exception {
        assertThat(unpromised(scrape(stack.ports().healthManagement())))
                .containsExactly("/api/v1/users/{user}/events", "/api/v1/users/{user}/export");
        assertThat(unpromised(scrape(stack.ports().whoopManagement()))).containsExactly("/internal/v1/changes");
    }

    private static Set<String> unpromised(Scrape page) {
        return page.families().values().stream()
                .filter(family -> family.name().equals("http_server_requests_seconds"))
                .flatMap(family -> family.labels().stream())
                .filter(labels -> labels.getOrDefault("slo", "").equals("false"))
                .map(labels -> labels.getOrDefault("route", ""))
                .filter(route -> !route.equals("unmatched"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void onCallMeasuresWhatTheCatalogueSays() throws Exception {
        var catalogue = new Catalogue(new YAMLMapper()
                .readTree(Tools.ROOT.resolve("monitoring/catalogue.yaml").toFile()));
        try (var onCall = new OnCallProcess(folder)) {
            onCall.acknowledge(onCall.page("group"));
            collect(onCall.pid());
            Map<String, Scrape> pages = new LinkedHashMap<>();
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                pages.put("on-call", catalogue.kept(scrape(onCall.management())));
                assertThat(pages)
                        .allSatisfy((service, page) ->
                                assertThat(catalogue.missing(service, page)).isEmpty());
            });
            assertThat(catalogue.differences(pages)).isEmpty();
            for (Scrape page : pages.values()) {
                assertThat(lint(page)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a_total{kind=\"x\"} | a_total{kind=\"z\"} | s: a_total has kind=\"z\"",
                "a_total{kind=\"x\"} | a_total{kind=\"x\",member=\"1\"} | s: a_total has the labels [kind, member]",
                "a_total{kind=\"y\"} 0 | # | a_total never has kind=\"y\"",
                "# TYPE a_total counter | # TYPE a_total gauge | s: a_total is a gauge",
                "# HELP a_total All | # HELP a_total Some | s: a_total is explained otherwise: Some",
                "b_seconds | b_minutes | s: b_minutes is not in the catalogue",
                "b_seconds | b_minutes | s has no b_seconds",
            })
    void aDifferenceIsFound(String before, String after, String difference) throws IOException {
        JsonNode file = new YAMLMapper().readTree("""
                dropped: [{label: base}, {name: c_count}]
                metrics:
                  - {labels: {kind: [x, y]}, meaning: All, name: a_total, services: [s], type: counter, unit: count}
                  - {labels: {}, meaning: Long, name: b_seconds, services: [s], type: gauge, unit: seconds}
                """);
        String page = """
                # HELP a_total All
                # TYPE a_total counter
                a_total{kind="x"} 1.0
                a_total{kind="y"} 0
                # HELP b_seconds Long
                # TYPE b_seconds gauge
                b_seconds 1
                b_seconds{base="yes"} 1
                # HELP c_count Left out
                # TYPE c_count gauge
                c_count 1
                """;
        var catalogue = new Catalogue(file);
        assertThat(catalogue.differences(Map.of("s", catalogue.kept(Scrape.of(page)))))
                .isEmpty();
        Scrape changed = catalogue.kept(Scrape.of(page.replace(before, after)));
        assertThat(catalogue.differences(Map.of("s", changed))).contains(difference);
    }

    @Test
    void aNameInAnotherUnitIsFound() throws IOException {
        JsonNode file = new YAMLMapper()
                .readTree("metrics: [{meaning: Old, name: age_minutes, services: [s], type: gauge, unit: seconds}]");
        Scrape page = Scrape.of("# HELP age_minutes Old\n# TYPE age_minutes gauge\nage_minutes 1\n");
        assertThat(new Catalogue(file).differences(Map.of("s", page))).containsExactly("age_minutes is not in seconds");
    }

    @Test
    void aNameThatTheLinterRefusesIsFound() throws Exception {
        assertThat(lint(Scrape.of("# HELP a_count A\n# TYPE a_count gauge\na_count 1\n")))
                .contains("a_count");
    }

    private static void collect(long pid) {
        Tools.said(
                Tools.ROOT,
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.run");
    }

    private static Scrape scrape(int port) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return Scrape.of(http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                    .header("Accept", "text/plain")
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body());
        }
    }

    /** What the linter of Prometheus has to say. */
    private String lint(Scrape page) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("page"), page.text());
        Process promtool = new ProcessBuilder(
                        Tools.program("prometheus").resolveSibling("promtool").toString(), "check", "metrics")
                .redirectInput(file.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(promtool.exitValue() == 0).as(said).isEqualTo(said.isEmpty());
        return said;
    }
}
