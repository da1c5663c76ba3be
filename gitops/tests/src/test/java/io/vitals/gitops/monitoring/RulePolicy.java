package io.vitals.gitops.monitoring;

import io.vitals.gitops.Program;
import io.vitals.runbooks.page.AlertMatter;
import io.vitals.runbooks.page.Page;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What every rule has to be, whatever it is about. */
final class RulePolicy {
    private static final String RUNBOOKS = "https://github.com/vitals/vitals/blob/main/";
    private static final Map<String, Set<String>> LABELS = Map.of(
            "component",
            Set.of("capacity", "db", "http", "jvm", "meta", "network", "oauth", "pool", "rollout", "sync", "webhook"),
            "service_id",
            Set.of("health-api", "observability", "platform", "postgres", "whoop-service"),
            "severity",
            Set.of("critical", "info", "none", "warning"),
            "team",
            Set.of("platform", "security", "wellness"));
    /** How long a fault may last before somebody knows, by how bad it is. */
    private static final Map<String, Long> LONGEST =
            Map.of("critical", 900L, "warning", 10_800L, "info", 21_600L, "none", 0L);

    /** What waits for a person waits as long as that person has. */
    private static final Map<String, Long> PATIENCE = Map.of("secondary", 900L, "manager", 2_700L);

    private static final Pattern USED = Pattern.compile("\\$labels\\.(\\w+)");
    private static final Pattern KEPT =
            Pattern.compile("^\\(*(?:100 \\* |time\\(\\) - )?(?:histogram_quantile\\([0-9.]+, )?"
                    + "(?:sum|min|max|avg|count) by \\(([^)]*)\\)");
    private static final Pattern OVER_TIME =
            Pattern.compile("\\b(rate|increase|irate|resets|deriv|delta|predict_linear)\\s*\\(\\s*([a-zA-Z_:][\\w:]*)");
    private static final Set<String> OF_GAUGES = Set.of("deriv", "delta", "predict_linear");
    private static final long SHORTEST_RANGE = 4 * 30;

    private RulePolicy() {}

    /** What is wrong with an alert on metrics. */
    static List<String> findings(AlertRule rule) {
        var found = common(rule);
        expression(rule, found);
        if (rule.holds() == 0
                && !rule.label("severity").equals("none")
                && !rule.expr().matches("(?s).*(increase|resets)\\(.*|.*audit_chain_findings.*")) {
            found.add("fires at a single sample: it has neither a for nor a window");
        }
        return found;
    }

    /** What is wrong with an alert on lines; that its expression is one, Loki says. */
    static List<String> findingsOfLogs(AlertRule rule) {
        var found = common(rule);
        if (!rule.expr().startsWith("absent_over_time(") && !rule.expr().matches("(?s).*\\)\\s*> [0-9.]+\\s*")) {
            found.add("compares nothing, so it fires as soon as there is a line");
        }
        return found;
    }

    private static List<String> common(AlertRule rule) {
        var found = new ArrayList<String>();
        labels(rule, found);
        texts(rule, found);
        String severity = rule.label("severity");
        long longest = PATIENCE.getOrDefault(rule.label("escalation"), LONGEST.getOrDefault(severity, 0L));
        if (rule.holds() > longest) {
            found.add("waits too long for its severity: "
                    + rule.json().path("for").asText());
        }
        return found;
    }

    private static void labels(AlertRule rule, List<String> found) {
        LABELS.forEach((label, allowed) -> {
            String value = rule.label(label);
            // Those of the two services, and those of other alerts, are told by the series.
            if (!allowed.contains(value)
                    && !(label.equals("service_id")
                            && Set.of(
                                            "{{ $labels.app_kubernetes_io_name }}",
                                            "{{ $labels.name }}",
                                            "{{ $labels.service }}",
                                            "{{ $labels.service_id }}")
                                    .contains(value))) {
                found.add("its label " + label + " is " + (value.isEmpty() ? "missing" : "unknown: " + value));
            }
        });
        if (!rule.name().matches("[A-Z][A-Za-z0-9]+")) {
            found.add("its name is not CamelCase");
        }
    }

    private static void texts(AlertRule rule, List<String> found) {
        for (String annotation : List.of("description", "summary")) {
            String text = rule.annotation(annotation);
            if (text.isBlank()) {
                found.add("has no " + annotation);
            }
            if (text.contains("$value") && !text.matches("(?s).*\\{\\{ \\$value (\\| humanize\\w* )?}}.*")) {
                found.add("shows its value as nobody can read it");
            }
        }
        String page = rule.annotation("runbook_url");
        Path file = Program.ROOT.resolve(page.startsWith(RUNBOOKS) ? page.substring(RUNBOOKS.length()) : "nowhere");
        if (!page.equals(RUNBOOKS + "runbooks/alerts/" + rule.name() + ".md") || !Files.exists(file)) {
            found.add("has no page of its name: " + page);
        } else {
            AlertMatter about = Page.read(file).alert();
            String severity = about.severity();
            // The page of a promise is for the worst of its alerts, that of the heartbeat for nobody who is woken.
            boolean fits = severity.equals(rule.label("severity"))
                    || (severity.equals("critical") && !rule.label("slo").isEmpty())
                    || (severity.equals("info") && rule.label("severity").equals("none"));
            if (!fits || !about.team().equals(rule.label("team"))) {
                found.add("its page is for another severity or team");
            }
        }
        Set<String> kept = kept(rule.expr());
        if (kept != null) {
            String all =
                    rule.json().path("annotations").toString() + rule.json().path("labels");
            USED.matcher(all)
                    .results()
                    .map(match -> match.group(1))
                    .filter(label -> !kept.contains(label))
                    .forEach(label -> found.add("its text uses the label " + label + " that its expression drops"));
        }
    }

    /** The labels that an expression keeps, or null if that can not be read off it. */
    private static @Nullable Set<String> kept(String expr) {
        if (expr.startsWith("absent") || expr.equals("vector(1)")) {
            return Set.of();
        }
        var by = KEPT.matcher(expr);
        return by.find() ? Arrays.stream(by.group(1).split(", ", -1)).collect(Collectors.toSet()) : null;
    }

    private static void expression(AlertRule rule, List<String> found) {
        String expr = rule.expr();
        if (Expr.comparisons(expr).isEmpty() && !rule.firesOnNothing()) {
            found.add("compares nothing, so it fires as soon as there is data");
        }
        if (expr.matches("(?s).*\\b(topk|bottomk)\\b.*")) {
            found.add("uses topk, which is another series each time");
        }
        for (long range : Expr.ranges(expr)) {
            if (range < SHORTEST_RANGE) {
                found.add("looks back over less than four samples: " + range + "s");
            }
        }
        Map<String, String> known = Catalogue.series();
        Set<String> recorded = AlertRule.all().stream()
                .filter(other -> other.json().has("record"))
                .map(AlertRule::name)
                .collect(Collectors.toSet());
        var unknown = new TreeSet<>(Expr.metrics(expr));
        unknown.removeAll(known.keySet());
        unknown.removeAll(recorded);
        unknown.forEach(name -> found.add("uses a metric that is not in the catalogue: " + name));
        OVER_TIME.matcher(expr).results().forEach(use -> {
            String type = known.getOrDefault(use.group(2), "gauge");
            boolean counts = type.equals("counter") || use.group(2).equals("process_uptime_seconds");
            if (counts == OF_GAUGES.contains(use.group(1))) {
                found.add(use.group(1) + " of a " + type + ": " + use.group(2));
            }
        });
        for (String name : Expr.metrics(expr)) {
            if (!rule.firesOnNothing()
                    && "counter".equals(known.get(name))
                    && !Pattern.compile("\\(\\s*" + name + "\\b[^)]*\\[")
                            .matcher(expr)
                            .find()) {
                found.add("compares a counter itself, so it never clears: " + name);
            }
        }
    }
}
