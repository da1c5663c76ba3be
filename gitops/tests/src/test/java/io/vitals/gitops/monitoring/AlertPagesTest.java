package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vitals.gitops.Program;
import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever is woken finds on the page what to ask Prometheus, and it understands the question. What a page is, runbooks/tests holds. */
class AlertPagesTest {
    /** What a variable of a page holds does not matter for whether it is a query. */
    private static final String VARIABLE = "\\$\\{[A-Z0-9_]+}";

    @TempDir
    Path folder;

    static Map<String, List<AlertRule>> alerts() {
        return AlertRule.alerts().stream().collect(Collectors.groupingBy(AlertRule::name));
    }

    static Stream<String> names() {
        return alerts().keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("names")
    void thePageAsksWhatTheAlertAsks(String name) {
        List<AlertRule> rules = alerts().getOrDefault(name, List.of());
        Map<String, String> queries = queries(Page.read(Program.ROOT.resolve("runbooks/alerts/" + name + ".md")));
        assertThat(queries).containsKey("now");
        if (rules.getFirst().label("severity").equals("none")) {
            return;
        }
        if (rules.size() == 1) {
            assertThat(flat(queries.getOrDefault("now", "")))
                    .isEqualTo(flat(rules.getFirst().expr()));
        }
        assertThat(List.of("is-firing", "is-over"))
                .allSatisfy(query -> assertThat(queries.getOrDefault(query, ""))
                        .contains("alertname=\"" + name + "\",alertstate=\"firing\""));
    }

    private static Map<String, String> queries(Page page) {
        var queries = new TreeMap<String, String>();
        page.steps().stream()
                .filter(step -> step.language() == Language.PROMQL)
                .forEach(step -> queries.put(step.id(), step.text()));
        return queries;
    }

    private static String flat(String expr) {
        return expr.replaceAll("\\s+", " ").strip();
    }

    @Test
    void everyQueryOfAPageIsOneAndOfMetricsThatThereAre() {
        List<Page> pages = Stream.concat(pages("alerts"), pages("procedures"))
                .map(Page::read)
                .toList();
        assertThat(pages.stream().mapToInt(page -> queries(page).size()).sum()).isGreaterThan(3 * 80);
        assertThat(findings(pages)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sum(nobodys_metric) | Watchdog: now asks for what nobody measures: nobodys_metric",
                "sum(up | could not parse expression",
                "sum by (pod) (up{pod=\"${POD}\"} | could not parse expression",
            })
    void aQueryThatIsNoneIsRefused(String query, String finding) throws IOException {
        String page = Files.readString(Program.ROOT.resolve("runbooks/alerts/Watchdog.md"));
        String wrong = page.replaceFirst("(?s)(```promql rb id=now [^\\n]*)\\n.*?\\n```", "$1 env=POD\nWRONG\n```")
                .replace("WRONG", query);
        assertThat(findings(List.of(Page.parse("Watchdog", wrong))))
                .anySatisfy(line -> assertThat(line).contains(finding));
    }

    private List<String> findings(List<Page> pages) {
        var known = new TreeSet<>(Catalogue.series().keySet());
        AlertRule.all().forEach(rule -> known.add(rule.name()));
        known.addAll(List.of("ALERTS", "ALERTS_FOR_STATE"));
        var findings = new ArrayList<String>();
        var rules = new ArrayList<AlertRule>();
        for (Page page : pages) {
            queries(page).forEach((id, text) -> {
                String expr = text.replaceAll(VARIABLE, "x");
                var unknown = new TreeSet<>(Expr.metrics(expr));
                unknown.removeAll(known);
                unknown.forEach(
                        metric -> findings.add(page.name() + ": " + id + " asks for what nobody measures: " + metric));
                rules.add(new AlertRule(
                        "pages",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("record", "page:query" + rules.size())
                                .put("expr", expr)));
            });
        }
        Promtool.write(folder.resolve("pages.yaml"), rules);
        var answer = Promtool.run(folder, "check", "rules", "--lint=none", "pages.yaml");
        if (answer.code() != 0) {
            (answer.out() + answer.err()).lines().forEach(findings::add);
        }
        return findings;
    }

    @Test
    void everyPageIsLedTo() throws IOException {
        String links = links();
        assertThat(pages("alerts")).isNotEmpty().allMatch(page -> isLedTo(page, links));
        assertThat(isLedTo(Path.of("runbooks/alerts/NobodyAsks.md"), links)).isFalse();
    }

    private static boolean isLedTo(Path page, String links) {
        return links.contains("/runbooks/alerts/" + page.getFileName());
    }

    private static String links() throws IOException {
        var all = new StringBuilder();
        for (String part : List.of("argocd", "gitops/apps", "gitops/data", "gitops/platform", "monitoring")) {
            try (Stream<Path> files = Files.walk(Program.ROOT.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    private static Stream<Path> pages(String kind) {
        try (Stream<Path> files = Files.list(Program.ROOT.resolve("runbooks").resolve(kind))) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
