package io.vitals.gitops.dashboards;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.UncheckedIOException;
import java.util.List;

/**
 * A page of pictures, and the JSON of it that Grafana reads.
 *
 * @param id in its address, after {@code vitals-}; links lead there, so it never changes
 */
record Dashboard(String id, String title, String description, List<Row> rows) {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final int WIDTH = 24;
    private static final String SOURCE = "${datasource}";

    record Row(String title, List<Panel> panels) {}

    static Row row(String title, Panel... panels) {
        return new Row(title, List.of(panels));
    }

    static Dashboard of(String id, String title, String description, Row... rows) {
        return new Dashboard(id, title, description, List.of(rows));
    }

    String uid() {
        return "vitals-" + id;
    }

    String file() {
        return id + ".json";
    }

    /** As it is kept. */
    String json() {
        try {
            return MAPPER.writeValueAsString(tree()) + "\n";
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    ObjectNode tree() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("uid", uid()).put("title", title).put("description", description);
        root.putArray("tags").add("vitals");
        root.put("schemaVersion", 41).put("version", 1).put("editable", false).put("graphTooltip", 1);
        root.put("refresh", "1m").put("timezone", "utc");
        root.putObject("time").put("from", "now-6h").put("to", "now");
        releases(root.putObject("annotations").putArray("list"));
        links(root.putArray("links"));
        variables(root.putObject("templating").putArray("list"));
        panels(root.putArray("panels"));
        return root;
    }

    /** A line at each new release of a service. */
    private static void releases(ArrayNode list) {
        ObjectNode releases =
                list.addObject().put("name", "Releases").put("enable", true).put("iconColor", "blue");
        source(releases);
        releases.put(
                "expr",
                Panel.query(
                                "count by (app_kubernetes_io_name, version) (app_build_info{<service>}) unless count by (app_kubernetes_io_name, version) (app_build_info{<service>} offset 1m)",
                                "")
                        .expr());
        releases.put("step", "60s").put("titleFormat", "{{app_kubernetes_io_name}} {{version}}");
    }

    private static void links(ArrayNode list) {
        ObjectNode others = list.addObject().put("type", "dashboards").put("title", "Vitals");
        others.putArray("tags").add("vitals");
        others.put("asDropdown", true).put("includeVars", true).put("keepTime", true);
    }

    private static void variables(ArrayNode list) {
        list.addObject()
                .put("name", "datasource")
                .put("label", "Prometheus")
                .put("type", "datasource")
                .put("query", "prometheus");
        variable(list, "namespace", "label_values(app_build_info, namespace)");
        variable(list, "service", "label_values(app_build_info{namespace=~\"$namespace\"}, app_kubernetes_io_name)");
        variable(
                list,
                "route",
                "label_values(http_server_requests_seconds_count{app_kubernetes_io_name=~\"$service\",namespace=~\"$namespace\"}, route)");
    }

    private static void variable(ArrayNode list, String name, String query) {
        ObjectNode variable =
                list.addObject().put("name", name).put("type", "query").put("query", query);
        source(variable);
        variable.put("includeAll", true)
                .put("allValue", ".*")
                .put("multi", true)
                .put("refresh", 2)
                .put("sort", 1);
        variable.putObject("current").put("text", "All").put("value", "$__all");
    }

    private void panels(ArrayNode list) {
        int id = 1;
        int y = 0;
        for (Row row : rows) {
            list.addObject()
                    .put("id", id++)
                    .put("type", "row")
                    .put("title", row.title())
                    .put("collapsed", false)
                    .set("gridPos", place(0, y++, WIDTH, 1));
            int x = 0;
            int height = 0;
            for (Panel panel : row.panels()) {
                int width = width(row, panel);
                if (x + width > WIDTH) {
                    x = 0;
                    y += height;
                    height = 0;
                }
                int high = panel.kind() == Panel.Kind.STAT ? 4 : 8;
                list.add(panel(panel, id++, place(x, y, width, high)));
                x += width;
                height = Math.max(height, high);
            }
            y += height;
        }
    }

    private static int width(Row row, Panel panel) {
        long wide = row.panels().stream()
                .filter(other -> other.kind() != Panel.Kind.STAT)
                .count();
        return panel.kind() == Panel.Kind.STAT ? 4 : wide == 1 ? WIDTH : wide % 3 == 0 ? 8 : 12;
    }

    private static ObjectNode place(int x, int y, int width, int height) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("x", x)
                .put("y", y)
                .put("w", width)
                .put("h", height);
    }

    private static ObjectNode panel(Panel panel, int id, ObjectNode place) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", id).put("type", panel.kind().type()).put("title", panel.title());
        json.put("description", panel.description());
        source(json);
        json.set("gridPos", place);
        ObjectNode config = json.putObject("fieldConfig");
        ObjectNode defaults =
                config.putObject("defaults").put("unit", panel.unit().grafana());
        ArrayNode steps =
                defaults.putObject("thresholds").put("mode", "absolute").putArray("steps");
        steps.addObject()
                .put("color", panel.lines().isEmpty() ? "blue" : "green")
                .putNull("value");
        for (int i = 0; i < panel.lines().size(); i++) {
            steps.addObject()
                    .put("color", i == panel.lines().size() - 1 ? "red" : "orange")
                    .put("value", panel.lines().get(i));
        }
        if (panel.kind() == Panel.Kind.TIMESERIES) {
            ObjectNode custom =
                    defaults.putObject("custom").put("fillOpacity", 10).put("showPoints", "never");
            custom.putObject("thresholdsStyle").put("mode", panel.lines().isEmpty() ? "off" : "line");
        }
        config.putArray("overrides");
        options(panel, json.putObject("options"));
        ArrayNode targets = json.putArray("targets");
        for (int i = 0; i < panel.targets().size(); i++) {
            targets.add(target(panel, panel.targets().get(i), String.valueOf((char) ('A' + i))));
        }
        return json;
    }

    private static void options(Panel panel, ObjectNode options) {
        switch (panel.kind()) {
            case TIMESERIES -> {
                options.putObject("legend").put("displayMode", "list").put("placement", "bottom");
                options.putObject("tooltip").put("mode", "multi").put("sort", "desc");
            }
            case STAT -> options.put("colorMode", "value").put("graphMode", "area");
            case TABLE -> options.put("showHeader", true);
            case HEATMAP -> options.put("calculate", false);
        }
    }

    private static ObjectNode target(Panel panel, Panel.Target target, String name) {
        boolean now = panel.kind() == Panel.Kind.TABLE || panel.kind() == Panel.Kind.STAT;
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("refId", name);
        source(json);
        return json.put("expr", target.expr())
                .put("legendFormat", target.legend())
                .put(
                        "format",
                        switch (panel.kind()) {
                            case HEATMAP -> "heatmap";
                            case TABLE -> "table";
                            case STAT, TIMESERIES -> "time_series";
                        })
                .put("instant", now)
                .put("range", !now);
    }

    private static void source(ObjectNode of) {
        of.putObject("datasource").put("type", "prometheus").put("uid", SOURCE);
    }
}
