package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Page;
import io.vitals.runbooks.page.Pages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static io.vitals.runbooks.run.Setting.none;
import static io.vitals.runbooks.run.Setting.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A whole drill with a real Prometheus: a target that is taken out of its list raises the alert, and putting it back ends it. */
class RunningPrometheusTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern LISTENS =
            Pattern.compile("msg=\"Listening on\" (?:component=web )?address=127\\.0\\.0\\.1:(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private URI address = URI.create("http://127.0.0.1:1");

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Files.writeString(folder.resolve("rules.json"), """
                {"groups": [{"name": "drill", "rules": [{"alert": "Example", "expr": "absent(up{job=\\"itself\\"})", "for": "1s"}]}]}
                """);
        Files.writeString(folder.resolve("prometheus.json"), """
                {"global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
                 "rule_files": ["rules.json"],
                 "scrape_configs": [{"job_name": "itself", "file_sd_configs": [{"refresh_interval": "1s", "files": ["targets.json"]}]}]}
                """);
        Files.writeString(folder.resolve("targets.json"), "[]");
        Path log = folder.resolve("prometheus.log");
        started.add(new ProcessBuilder(
                        program(),
                        "--config.file=" + folder.resolve("prometheus.json"),
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        String port = await("it listens: " + log)
                .atMost(PATIENCE)
                .until(
                        () -> LISTENS.matcher(Files.readString(log))
                                .results()
                                .map(match -> match.group(1))
                                .findFirst()
                                .orElse(""),
                        found -> !found.isEmpty());
        address = URI.create("http://127.0.0.1:" + port);
        Files.writeString(folder.resolve("all.json"), "[{\"targets\": [\"127.0.0.1:" + port + "\"]}]");
        Files.copy(folder.resolve("all.json"), folder.resolve("targets.next"));
        Files.move(folder.resolve("targets.next"), folder.resolve("targets.json"), StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterEach
    void end() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    private static String program() throws IOException, InterruptedException {
        Process build = new ProcessBuilder(ROOT.resolve("tools/build").toString(), "prometheus")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(build.waitFor()).isZero();
        return said.strip();
    }

    @Test
    void aDrill() throws Exception {
        String up = "up{job=\"itself\"}";
        Tally tally = drill(
                step("promql rb id=scraped phase=healthy retry=60x500ms expect.num==1", up),
                step("promql rb id=quiet phase=healthy retry=60x500ms expect.num==0", firing()),
                step("promql rb id=is-firing phase=assert expect.num=>=1", firing()),
                step("promql rb id=unseen phase=assert", "absent(" + up + ")"),
                step("sh rb id=hide phase=inject only=drill", "echo '[]' >next; mv next targets.json"),
                step("sh rb id=show phase=mitigate risk=write confirm=yes", "cp all.json next; mv next targets.json"),
                step("promql rb id=seen phase=verify retry=60x500ms expect.num==1", up),
                step("sh rb id=undo phase=cleanup only=drill", "cp all.json next; mv next targets.json"));
        assertThat(tally.results())
                .as(tally.results().toString())
                .extracting(Result::outcome)
                .containsOnly(Result.Outcome.PASSED);
        assertThat(tally).hasToString("12 passed, 0 failed, 0 skipped");
    }

    private static String firing() {
        return "count(ALERTS{alertname=\"Example\",alertstate=\"firing\"}) or vector(0)";
    }

    private Tally drill(String... steps) throws InterruptedException {
        Page page = Page.parse(
                "Example",
                Pages.example(
                                        "deadline_fire: 240s, deadline_resolve: 300s",
                                        "deadline_fire: 60s, deadline_resolve: 60s")
                                .replaceAll("(?s)## First checks.*", "## First checks\n")
                        + String.join("", steps));
        return new Drill(page, Setting.with(none(folder), address), Pace.REAL, _ -> {}).run();
    }
}
