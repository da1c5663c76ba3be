package io.vitals.runbooks.run;

import io.vitals.runbooks.run.Result.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

import static io.vitals.runbooks.run.Setting.none;
import static io.vitals.runbooks.run.Setting.run;
import static io.vitals.runbooks.run.Setting.step;
import static org.assertj.core.api.Assertions.assertThat;

/** Queries pass by what is answered, and an answer that can not be had is none. */
class QueryStepsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expect.num=>=1 | 3 | PASSED | ''",
                "expect.num=>=1 | 0 | FAILED | '0, expected >=1'",
                "expect.num==0 | 0 | PASSED | ''",
                "expect.num==0 | NaN | FAILED | 'answers no single number but 1 row, expected =0'",
                "expect.num=>=1 | 1,2 | FAILED | 'answers no single number but 2 rows, expected >=1'",
                "expect.num=>=1 | '' | FAILED | 'answers no single number but 0 rows, expected >=1'",
                "expect.num=>5 | +Inf | PASSED | ''",
                "'' | 1,2 | PASSED | ''",
                "'' | '' | FAILED | '0 rows, expected >=1'",
                "expect.rows==0 | '' | PASSED | ''",
                "expect.rows==0 | 7 | FAILED | '1 row, expected =0'",
                "expect.stdout=pod-1 | 1,2 | PASSED | ''",
            })
    void promql(String expect, String values, Outcome outcome, String detail) throws Exception {
        List<String> series = values.isEmpty() ? List.of() : List.of(values.split(",", -1));
        try (var prometheus = FakePrometheus.of(_ -> series)) {
            Result result = run(
                    Setting.with(none(folder), prometheus.address()),
                    step("promql rb id=a phase=assert " + expect, "up == 1"));
            assertThat(result.detail()).isEqualTo(detail);
            assertThat(result.outcome()).isEqualTo(outcome);
            assertThat(prometheus.asked()).containsExactly("up == 1");
        }
    }

    @Test
    void aLookNeedsNoRows() throws Exception {
        try (var prometheus = FakePrometheus.of(_ -> List.of())) {
            Result result =
                    run(Setting.with(none(folder), prometheus.address()), step("promql rb id=a phase=diagnose", "up"));
            assertThat(result.outcome()).isEqualTo(Outcome.PASSED);
        }
    }

    @Test
    void linesAndNumbersOfLogs() throws Exception {
        try (var loki =
                FakePrometheus.of(query -> query.startsWith("{") ? List.of("a line", "another") : List.of("4"))) {
            Targets targets = Setting.with(none(folder), loki.address());
            assertThat(run(targets, step("logql rb id=a phase=diagnose expect.rows==2", "{a=\"b\"}")))
                    .returns(Outcome.PASSED, Result::outcome)
                    .returns("a line\nanother", Result::output);
            assertThat(run(targets, step("logql rb id=a phase=assert expect.num==4", "sum(rate({a=\"b\"}[5m]))")))
                    .returns(Outcome.PASSED, Result::outcome);
        }
    }

    @Test
    void http() throws Exception {
        try (var app = FakePrometheus.of(_ -> List.of())) {
            Targets targets = Setting.with(none(folder), app.address());
            assertThat(run(
                            targets,
                            step("http rb id=a phase=verify expect.stdout=^ready", "GET ${HEALTH_API_URL}/ready")))
                    .returns(Outcome.PASSED, Result::outcome)
                    .returns("ready, password=[redacted:token]", Result::output);
            assertThat(run(targets, step("http rb id=a phase=verify", "GET ${HEALTH_API_URL}/nothing")))
                    .returns("answers 404, expected 2xx", Result::detail);
            assertThat(run(targets, step("http rb id=a phase=verify expect.exit=404", "GET ${HEALTH_API_URL}/nothing")))
                    .returns(Outcome.PASSED, Result::outcome);
            assertThat(run(targets, step("http rb id=a phase=verify", "GET ${WHOOP_SERVICE_URL}/ready")))
                    .returns(Outcome.SKIPPED, Result::outcome)
                    .returns("WHOOP_SERVICE_URL is not set", Result::detail);
        }
    }

    @Test
    void whatIsNoQueryOrIsNotAnsweredHasFailed() throws Exception {
        try (var prometheus = FakePrometheus.of(_ -> List.of())) {
            assertThat(run(
                            Setting.with(none(folder), prometheus.address()),
                            step("promql rb id=a phase=verify expect.rows==0", "broken(")))
                    .returns(Outcome.FAILED, Result::outcome)
                    .returns("/api/v1/query answers 400: 1:8: parse error", Result::detail);
        }
        URI nobody = URI.create("http://127.0.0.1:1");
        assertThat(run(Setting.with(none(folder), nobody), step("promql rb id=a phase=verify expect.rows==0", "up")))
                .returns(Outcome.FAILED, Result::outcome)
                .returns("127.0.0.1:1 does not answer", Result::detail);
        assertThat(run(none(folder), step("promql rb id=a phase=verify expect.rows==0", "up")))
                .returns(Outcome.SKIPPED, Result::outcome)
                .returns("there is no prometheus here", Result::detail);
    }

    @Test
    void aVariableGoesIntoAQueryUnlessItWouldBeOne() throws IOException, InterruptedException {
        String query = "up{pod=\"${POD}\"}";
        try (var prometheus = FakePrometheus.of(_ -> List.of("1"))) {
            Targets plain = Setting.with(none(folder, "POD", "pod-1"), prometheus.address());
            assertThat(run(plain, step("promql rb id=a phase=assert env=POD", query))
                            .outcome())
                    .isEqualTo(Outcome.PASSED);
            assertThat(prometheus.asked()).containsExactly("up{pod=\"pod-1\"}");
            Targets wrong = Setting.with(none(folder, "POD", "\"} or vector(1"), prometheus.address());
            assertThat(run(wrong, step("promql rb id=a phase=assert env=POD", query)))
                    .returns(Outcome.FAILED, Result::outcome)
                    .extracting(Result::detail)
                    .asString()
                    .startsWith("POD holds more than letters")
                    .doesNotContain("vector");
        }
    }
}
