package io.vitals.gitops.dashboards;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One picture.
 *
 * @param description what is seen, and what is usual
 * @param lines values at which it changes its colour, the worse one last; none where nothing is too much
 */
record Panel(Kind kind, String title, String description, Unit unit, List<Target> targets, List<Double> lines) {
    enum Kind {
        TIMESERIES,
        STAT,
        TABLE,
        HEATMAP;

        String type() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum Unit {
        BYTES("bytes"),
        BYTES_A_SECOND("Bps"),
        COUNT("short"),
        EVENTS_A_SECOND("cps"),
        RATIO("percentunit"),
        REQUESTS_A_SECOND("reqps"),
        SECONDS("s"),
        TIME("dateTimeAsIso"),
        FACTOR("none");

        private final String grafana;

        Unit(String grafana) {
            this.grafana = grafana;
        }

        String grafana() {
            return grafana;
        }
    }

    /**
     * A query.
     *
     * @param legend how a series is called
     */
    record Target(String expr, String legend) {}

    /**
     * A query, in which {@code <service>}, {@code <namespace>} and {@code <route>} stand for what is chosen above and {@code <rate>} for a range
     * that fits what is shown.
     */
    static Target query(String expr, String legend) {
        return new Target(
                expr.strip()
                        .replace("<route>", "<service>,route=~\"$route\"")
                        .replace("<service>", "app_kubernetes_io_name=~\"$service\",<namespace>")
                        .replace("<namespace>", "namespace=~\"$namespace\"")
                        .replace("<rate>", "$__rate_interval"),
                legend);
    }

    static Panel graph(String title, String description, Unit unit, Target... targets) {
        return new Panel(Kind.TIMESERIES, title, description, unit, List.of(targets), List.of());
    }

    static Panel number(String title, String description, Unit unit, Target target) {
        return new Panel(Kind.STAT, title, description, unit, List.of(target), List.of());
    }

    static Panel table(String title, String description, Unit unit, Target target) {
        return new Panel(Kind.TABLE, title, description, unit, List.of(target), List.of());
    }

    static Panel heatmap(String title, String description, Unit unit, Target target) {
        return new Panel(Kind.HEATMAP, title, description, unit, List.of(target), List.of());
    }

    /** The same, coloured from some values on. */
    Panel from(double... values) {
        return new Panel(
                kind,
                title,
                description,
                unit,
                targets,
                Arrays.stream(values).boxed().toList());
    }
}
