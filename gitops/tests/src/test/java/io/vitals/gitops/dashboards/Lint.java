package io.vitals.gitops.dashboards;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What every dashboard has to be, read off the JSON that Grafana gets. */
final class Lint {
    private static final int MOST = 25;
    private static final Pattern RATE = Pattern.compile("\\b(rate|increase|irate)\\(([^\\[]*)\\[([^\\]]*)]");
    private static final Pattern HOURS = Pattern.compile("\\d+[hdw](:\\d+m)?");
    private static final Map<String, String> VARIABLES =
            Map.of("datasource", "datasource", "namespace", "query", "route", "query", "service", "query");

    private final List<String> found = new ArrayList<>();

    private Lint() {}

    /** What is wrong, a line each. */
    static List<String> of(JsonNode dashboard) {
        var lint = new Lint();
        lint.page(dashboard);
        lint.panels(dashboard.path("panels"));
        return lint.found;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            found.add(message);
        }
    }

    private void page(JsonNode dashboard) {
        require(dashboard.path("uid").asText().matches("vitals-[a-z-]+"), "its uid is not fixed");
        require(dashboard.path("title").asText().startsWith("Vitals: "), "has no title of ours");
        require(dashboard.path("schemaVersion").asInt() >= 36, "is of an old schema");
        require(!dashboard.path("editable").asBoolean(true), "can be edited where nobody keeps it");
        require(!dashboard.has("id"), "has the number that one Grafana gave it");
        var variables = new TreeSet<String>();
        for (JsonNode variable : dashboard.at("/templating/list")) {
            String name = variable.path("name").asText();
            variables.add(name);
            require(
                    variable.path("type").asText().equals(VARIABLES.get(name)),
                    "its variable " + name + " is of another type");
            require(
                    name.equals("datasource") || sourced(variable),
                    "its variable " + name + " has a source of its own");
        }
        require(variables.equals(new TreeSet<>(VARIABLES.keySet())), "its variables are " + variables);
        dashboard
                .at("/annotations/list")
                .forEach(annotation -> require(sourced(annotation), "an annotation has a source of its own"));
    }

    private static boolean sourced(JsonNode of) {
        return of.at("/datasource/uid").asText().equals("${datasource}");
    }

    private void panels(JsonNode panels) {
        var ids = new HashSet<Integer>();
        var titles = new HashSet<String>();
        var taken = new HashSet<String>();
        int count = 0;
        String row = "";
        for (JsonNode panel : panels) {
            String title = panel.path("title").asText();
            require(ids.add(panel.path("id").asInt()), title + ": its number is taken");
            JsonNode place = panel.path("gridPos");
            for (int x = 0; x < place.path("w").asInt(); x++) {
                for (int y = 0; y < place.path("h").asInt(); y++) {
                    require(
                            taken.add((place.path("x").asInt() + x) + "/"
                                    + (place.path("y").asInt() + y)),
                            title + ": lies over another one");
                }
            }
            require(place.path("x").asInt() + place.path("w").asInt() <= 24, title + ": is too wide");
            if (panel.path("type").asText().equals("row")) {
                row = title;
            } else {
                count++;
                require(titles.add(row + "/" + title), title + ": is called as another one of its row");
                panel(title, panel);
            }
        }
        require(count > 0 && count <= MOST, "has " + count + " panels");
    }

    private void panel(String title, JsonNode panel) {
        require(!title.isBlank(), "a panel has no title");
        require(panel.path("description").asText().length() > 10, title + ": has no description");
        require(!panel.at("/fieldConfig/defaults/unit").asText().isEmpty(), title + ": has no unit");
        require(sourced(panel), title + ": has a source of its own");
        require(!panel.path("targets").isEmpty(), title + ": asks nothing");
        for (JsonNode target : panel.path("targets")) {
            require(sourced(target), title + ": has a source of its own");
            require(!target.path("legendFormat").asText().isBlank(), title + ": has no legend");
            // A bracket in a string is no range.
            String expr = target.path("expr").asText().replaceAll("\"[^\"]*\"", "");
            RATE.matcher(expr)
                    .results()
                    .map(use -> use.group(3))
                    // An hour and more is what is meant; less is a guess that does not fit what is shown.
                    .filter(range -> !range.equals("$__rate_interval")
                            && !HOURS.matcher(range).matches())
                    .forEach(range -> found.add(title + ": looks back over " + range + " whatever is shown"));
        }
    }
}
