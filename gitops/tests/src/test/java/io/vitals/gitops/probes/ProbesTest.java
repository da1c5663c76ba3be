package io.vitals.gitops.probes;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/** What the probes of the edge find, by the exporter that asks in production and its modules; monitoring/rules/edge.yaml goes by it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProbesTest {
    private static final String EDGE = "https_2xx";
    private static final String REDIRECT = "redirects_to_https";

    private final Site.Certificate trusted;
    private final Site.Certificate unknown;
    private final Site.Certificate over;
    private final BlackboxExporter exporter;

    ProbesTest(@TempDir Path folder) throws IOException, InterruptedException {
        trusted = Site.Certificate.make(folder, "trusted", "-1d", 40);
        unknown = Site.Certificate.make(folder, "unknown", "-1d", 40);
        over = Site.Certificate.make(folder, "over", "-10d", 5);
        Path roots = folder.resolve("roots.pem");
        Files.writeString(roots, Files.readString(trusted.pem()) + Files.readString(over.pem()));
        exporter = new BlackboxExporter(folder, roots);
    }

    @AfterAll
    void stop() {
        exporter.close();
    }

    @Test
    void anAnswerOf200OverTlsIsFoundAndItsCertificateIsRead() throws Exception {
        try (Site site = Site.secure(trusted, 200)) {
            Map<String, Double> found = exporter.probe(EDGE, site.address());
            assertThat(found)
                    .containsEntry("probe_success", 1.0)
                    .containsEntry("probe_ssl_earliest_cert_expiry", (double)
                            trusted.ends().getEpochSecond());
            assertThat(found.keySet()).as("what the catalogue has of it").containsAll(catalogued());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 301, 404, 500, 503})
    void anotherAnswerIsTakenForWhatItIs(int status) throws Exception {
        try (Site site = Site.secure(trusted, status)) {
            assertThat(exporter.probe(EDGE, site.address())).containsEntry("probe_success", status == 204 ? 1.0 : 0.0);
        }
    }

    @Test
    void aCertificateThatNobodyKnowsOrThatIsOverIsNoAnswer() throws Exception {
        try (Site stranger = Site.secure(unknown, 200);
                Site late = Site.secure(over, 200)) {
            assertThat(exporter.probe(EDGE, stranger.address())).containsEntry("probe_success", 0.0);
            assertThat(exporter.probe(EDGE, late.address())).containsEntry("probe_success", 0.0);
        }
    }

    @Test
    void withoutTlsOrWithoutAnybodyThereIsNoAnswer() throws Exception {
        String nobody;
        try (Site plain = Site.plain(200, "")) {
            nobody = plain.address("https");
            assertThat(exporter.probe(EDGE, plain.address())).containsEntry("probe_success", 0.0);
            assertThat(exporter.probe(EDGE, plain.address("https"))).containsEntry("probe_success", 0.0);
        }
        assertThat(exporter.probe(EDGE, nobody)).containsEntry("probe_success", 0.0);
    }

    @ParameterizedTest
    @CsvSource(
            emptyValue = "",
            value = {
                "301, https://app.example/, 1",
                "301, http://app.example/,  0",
                "301, '',                   0",
                "302, https://app.example/, 0",
                "200, '',                   0",
                "503, '',                   0"
            })
    void onlyALastingRedirectToHttpsLeadsThere(int status, String location, double success) throws Exception {
        try (Site site = Site.plain(status, location)) {
            assertThat(exporter.probe(REDIRECT, site.address())).containsEntry("probe_success", success);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"probe-edge.yaml", "probe-redirect.yaml"})
    void eachProbeNamesAModuleThatThereIs(String file) throws Exception {
        JsonNode probe = Yaml.read(Program.ROOT.resolve("gitops/platform/blackbox-exporter/extras/" + file))
                .getFirst();
        String module = probe.at("/spec/module").asText();
        try (Site site = Site.plain(200, "")) {
            assertThat(exporter.ask(module, site.address()).statusCode()).isEqualTo(200);
            assertThat(exporter.ask(module + "_x", site.address()).statusCode()).isEqualTo(400);
        }
    }

    private static Set<String> catalogued() {
        Set<String> names = new TreeSet<>();
        for (JsonNode metric : Yaml.read(Program.ROOT.resolve("monitoring/catalogue.yaml"))
                .getFirst()
                .path("foreign")) {
            if (metric.path("exporter").asText().equals("blackbox-exporter")) {
                names.add(metric.path("name").asText());
            }
        }
        assertThat(names).isNotEmpty();
        return names;
    }
}
