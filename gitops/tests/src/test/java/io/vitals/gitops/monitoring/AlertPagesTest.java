package io.vitals.gitops.monitoring;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Whoever is woken finds on the page what to ask Prometheus, and it understands the question. */
class AlertPagesTest {
    private static final Pattern QUERY = Pattern.compile("(?m)^```promql rb id=([a-z-]+) ([^\\n]*)\\n(?s)(.*?)^```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");

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
        boolean heartbeat = rules.getFirst().label("severity").equals("none");
        String page = Tree.OURS.read("runbooks/alerts/" + name + ".md");
        var headings = new ArrayList<>(
                List.of("In one minute", "Meaning", "Impact", "First checks (read only, under 5 minutes)", "Verify"));
        if (heartbeat) {
            headings.remove("Verify");
        }
        assertThat(HEADING.matcher(page).results().map(heading -> heading.group(1)))
                .containsSubsequence(headings);

        Map<String, MatchResult> queries = new TreeMap<>();
        QUERY.matcher(page).results().forEach(query -> queries.put(query.group(1), query));
        assertThat(queries).containsKey("now");
        if (heartbeat) {
            return;
        }
        if (rules.size() == 1) {
            assertThat(queries.get("now"))
                    .extracting(now -> flat(now.group(3)))
                    .isEqualTo(flat(rules.getFirst().expr()));
        }
        assertThat(queries).containsKeys("is-firing", "is-over");
        assertThat(List.of("is-firing", "is-over"))
                .allSatisfy(query -> assertThat(queries.get(query))
                        .extracting(asked -> asked.group(3))
                        .asString()
                        .contains("alertname=\"" + name + "\",alertstate=\"firing\""));
    }

    private static String flat(String expr) {
        return expr.replaceAll("\\s+", " ").strip();
    }

    @Test
    void everyQueryOfAPageIsOneAndOfMetricsThatThereAre() throws IOException {
        var known = new TreeSet<>(Catalogue.series().keySet());
        AlertRule.all().forEach(rule -> known.add(rule.name()));
        known.addAll(List.of("ALERTS", "ALERTS_FOR_STATE"));
        var rules = new ArrayList<AlertRule>();
        for (Path page : pages()) {
            QUERY.matcher(Files.readString(page))
                    .results()
                    .map(query -> query.group(3))
                    .forEach(expr -> {
                        assertThat(known).as(page + ": " + expr).containsAll(Expr.metrics(expr));
                        rules.add(new AlertRule(
                                "pages",
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("record", "page:query" + rules.size())
                                        .put("expr", expr)));
                    });
        }
        assertThat(rules).hasSizeGreaterThan(3 * 80);
        Promtool.write(folder.resolve("pages.yaml"), rules);
        var answer = Promtool.run(folder, "check", "rules", "--lint=none", "pages.yaml");
        assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
    }

    @Test
    void everyPageIsLedTo() throws IOException {
        var all = new StringBuilder();
        for (String part : List.of("argocd", "gitops/apps", "gitops/data", "gitops/platform", "monitoring")) {
            try (Stream<Path> files = Files.walk(Program.ROOT.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        String links = all.toString();
        assertThat(pages())
                .isNotEmpty()
                .allSatisfy(page -> assertThat(links.contains("/runbooks/alerts/" + page.getFileName()))
                        .as(page.toString())
                        .isTrue());
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.list(Program.ROOT.resolve("runbooks/alerts"))) {
            return files.sorted().toList();
        }
    }
}
