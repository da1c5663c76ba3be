package io.vitals.gitops.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Manifest;
import io.vitals.gitops.Program;
import io.vitals.gitops.Render;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** What is kept is what the code makes, and Grafana gets it; run with {@code -Dvitals.write=true} to write it anew, and review it. */
class DashboardsTest {
    private static final String FOLDER = "monitoring/dashboards";
    private static final Pattern LINK = Pattern.compile("}}([a-z-]+)\\s*\\n");

    static Stream<Dashboard> dashboards() {
        return Stream.of(
                        ServiceDashboards.all(),
                        SyncDashboards.all(),
                        PlatformDashboards.all(),
                        OperationsDashboards.all())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void isWhatIsKept(Dashboard dashboard) throws IOException {
        Path golden = Program.ROOT.resolve(FOLDER).resolve(dashboard.file());
        if (Boolean.getBoolean("vitals.write")) {
            Files.writeString(golden, dashboard.json());
        }
        assertThat(golden).hasContent(dashboard.json());
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void isAsTheyAllAre(Dashboard dashboard) {
        assertThat(Lint.of(kept(dashboard))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                | uid           | "k3Jd8"             | its uid is not fixed
            ''                | editable      | true                | can be edited where nobody keeps it
            ''                | id            | 7                   | has the number that one Grafana gave it
            ''                | schemaVersion | 16                  | is of an old schema
            /templating/list/1 | name         | "job"               | its variables are [datasource, job, route, service]
            /templating/list/1/datasource | uid | "P1809F7CD0C75ACF3" | its variable namespace has a source of its own
            /annotations/list/0/datasource | uid | "grafana"        | an annotation has a source of its own
            /panels/1         | description   | ""                  | Budget left: has no description
            /panels/2         | id            | 2                   | Critical alerts: its number is taken
            /panels/2/gridPos | x             | 2                   | Critical alerts: lies over another one
            /panels/2/gridPos | w             | 23                  | Critical alerts: is too wide
            /panels/1/fieldConfig/defaults | unit | ""              | Budget left: has no unit
            /panels/1/datasource | uid        | "prometheus"        | Budget left: has a source of its own
            /panels/8/targets/0 | legendFormat | ""                 | Requests: has no legend
            /panels/8/targets/0 | expr        | "rate(up[5m])"      | Requests: looks back over 5m whatever is shown
            /panels/2         | title         | "Budget left"       | Budget left: is called as another one of its row
            """)
    void whatIsNotIsFound(String at, String field, String value, String message) {
        ObjectNode changed = (ObjectNode) kept(dashboards().findFirst().orElseThrow());
        ((ObjectNode) changed.at(at)).set(field, Yaml.parse(value).getFirst());
        assertThat(Lint.of(changed)).contains(message);
    }

    @Test
    void moreThanAPersonCanLookAtIsFound() {
        ObjectNode changed = (ObjectNode) kept(dashboards().findFirst().orElseThrow());
        JsonNode panel = changed.at("/panels/1");
        for (int i = 0; i < 20; i++) {
            changed.withArray("panels").add(panel.deepCopy());
        }
        assertThat(Lint.of(changed)).anyMatch(line -> line.matches("has \\d+ panels"));
    }

    /** All of them at once, as rules, with a choice made for each variable. */
    @Test
    void prometheusTakesEveryQuery(@TempDir Path folder) throws IOException {
        var rules = new StringBuilder("groups: [{name: dashboards, rules: [\n");
        List<String> all = expressions();
        for (int i = 0; i < all.size(); i++) {
            rules.append("{record: 'query_%d', expr: '%s'},\n"
                    .formatted(i, chosen(all.get(i)).replace("'", "''")));
        }
        Files.writeString(folder.resolve("rules.yaml"), rules.append("]}]\n"));
        var answer = promtool(folder, "check", "rules", "--lint=none", "rules.yaml");
        assertThat(answer.code()).as(answer.out() + answer.err()).isZero();
        assertThat(answer.out()).contains(all.size() + " rules found");
        assertThat(all).hasSizeGreaterThan(110);

        Files.writeString(
                folder.resolve("rules.yaml"),
                "groups: [{name: dashboards, rules: [{record: 'query', expr: 'sum by (route) (rate(up))'}]}]\n");
        assertThat(promtool(folder, "check", "rules", "rules.yaml").code()).isNotZero();
    }

    private static String chosen(String expr) {
        return expr.replace("$__rate_interval", "5m").replaceAll("\\$\\w+", ".*");
    }

    private static Program.Answer promtool(Path folder, String... arguments) {
        var command = new ArrayList<String>();
        command.add(
                Path.of(Program.tool("prometheus")).resolveSibling("promtool").toString());
        command.addAll(List.of(arguments));
        return Program.run(folder, command.toArray(String[]::new));
    }

    @Test
    void everySeriesIsOneThatThereIs() {
        var known = new TreeSet<>(Series.catalogue());
        known.addAll(Series.others().keySet());
        var used = new TreeSet<String>();
        expressions().forEach(expr -> used.addAll(Series.of(expr)));
        assertThat(known).containsAll(used);
        assertThat(used).containsAll(Series.others().keySet());
        assertThat(Series.of("sum by (le) (rate(a_bucket{x=\"}\"}[5m] offset 1d)) / on (y) (b > bool 1) unless c:d"))
                .isEqualTo(Set.of("a_bucket", "b", "c:d"));
    }

    /** What a rule records is called so in the file that it is said to be in. */
    @Test
    void everySeriesOfARuleIsRecorded() {
        assumeThat(Program.ROOT.resolve("monitoring/rules")).isDirectory();
        Series.others().forEach((name, from) -> {
            if (from.startsWith("rules/")) {
                assertThat(Tree.OURS.read("monitoring/" + from)).contains("record: " + name + "\n");
            }
        });
    }

    /** One ConfigMap each, with the label that Grafana's sidecar looks for, and none that is forgotten. */
    @Test
    void grafanaGetsAllOfThem() {
        List<Manifest> rendered = Render.folder(Program.ROOT.resolve(FOLDER));
        assertThat(rendered.stream().map(Manifest::id))
                .containsExactlyInAnyOrderElementsOf(dashboards()
                        .map(dashboard -> "ConfigMap/dashboard-" + dashboard.id())
                        .toList());
        JsonNode sidecar = Yaml.read(Program.ROOT.resolve("gitops/platform/kube-prometheus-stack/values.yaml"))
                .getFirst()
                .at("/grafana/sidecar/dashboards");
        assertThat(sidecar.path("enabled").asBoolean(false)).isTrue();
        dashboards().forEach(dashboard -> {
            Manifest map = rendered.stream()
                    .filter(found -> found.name().equals("dashboard-" + dashboard.id()))
                    .findFirst()
                    .orElseThrow();
            assertThat(map.namespace()).isEqualTo("monitoring");
            assertThat(map.label(sidecar.path("label").asText())).isEqualTo("1");
            assertThat(map.at("/data").path("vitals-" + dashboard.file()).asText())
                    .isEqualTo(dashboard.json());
        });
        assertThat(Yaml.read(Program.ROOT.resolve("gitops/platform/kube-prometheus-stack/application.yaml"))
                        .getFirst()
                        .at("/spec/sources")
                        .findValuesAsText("path"))
                .contains(FOLDER);
    }

    /** The button of a message leads to one that is there, and each but the first page is where some button leads. */
    @Test
    void messagesLeadToThem() {
        String words = Tree.OURS.read("monitoring/alertmanager/templates/vitals.tmpl");
        String choice = words.substring(
                words.indexOf("define \"vitals.dashboard\""), words.indexOf("define \"vitals.silence\""));
        var linked = new TreeSet<String>();
        LINK.matcher(choice).results().forEach(link -> linked.add(link.group(1)));
        var there = new TreeSet<>(dashboards().map(Dashboard::id).toList());
        assertThat(there).containsAll(linked);
        there.removeAll(linked);
        // Where one looks from another dashboard, not from an alert.
        assertThat(there).containsExactly("nodes");
        assertThat(dashboards().map(Dashboard::uid)).doesNotHaveDuplicates().hasSize(13);
    }

    private static List<String> expressions() {
        var all = new ArrayList<String>();
        dashboards().forEach(dashboard -> {
            JsonNode kept = kept(dashboard);
            kept.path("panels")
                    .forEach(panel -> panel.path("targets")
                            .forEach(target -> all.add(target.path("expr").asText())));
            kept.at("/annotations/list")
                    .forEach(annotation -> all.add(annotation.path("expr").asText()));
        });
        return all;
    }

    private static JsonNode kept(Dashboard dashboard) {
        return Yaml.parse(Tree.OURS.read(FOLDER + "/" + dashboard.file())).getFirst();
    }
}
