package io.vitals.loadtest.capacity;

import io.vitals.loadtest.capacity.Input.Origin;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The model in Markdown. */
final class Report {
    private static final List<String> DATABASES = List.of("health", "whoop");
    private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000, 1_000_000);

    private final Inputs in;
    private final Needs needs;
    private final Demand demand;

    Report(Inputs in) {
        this.in = in;
        this.needs = Needs.of(in);
        this.demand = needs.demand();
    }

    /** All that {@code make capacity} says. */
    String all() {
        return String.join("\n", demandTable(), quotaTable(), rowsTable(), needsTable());
    }

    String demandTable() {
        var table = new Rows("Of " + number(demand.members()) + " members", "mean", "busiest minute");
        table.row("webhooks of WHOOP, /s", demand.events(), demand.eventsAtPeak());
        table.row("reads, /s", demand.reads(), demand.readsAtPeak());
        table.row("looks without an event, /s", demand.looks(), demand.looks());
        return table.text();
    }

    String quotaTable() {
        var table = new Rows("Calls of WHOOP", "a member and day", "all a day", "apps that takes");
        table.row("for webhooks", demand.callsForEvents(), demand.callsForEvents() * demand.members());
        table.row("for running cycles", demand.cycleLooks(), demand.cycleLooks() * demand.members());
        table.row("for other looks", demand.otherLooks(), demand.otherLooks() * demand.members());
        table.row("for comparisons", in.of("comparison-pages"), in.of("comparison-pages") * demand.members());
        table.row(
                "for the history of new members",
                demand.callsForHistory(),
                demand.callsForHistory() * demand.members());
        table.row("all", demand.callsPerMember(), demand.callsADay(), demand.appsByDay());
        table.row("all, in the busiest minute", Double.NaN, demand.callsInPeakMinute(), demand.appsByMinute());
        table.row("members that one app carries", Double.NaN, demand.membersPerApp());
        return table.text();
    }

    String rowsTable() {
        var table = new Rows(
                "Table", "rows a year", "bytes a row", "kept, days", "GiB after " + number(in.of("years")) + " years");
        for (Table one : Table.all(in)) {
            table.row(
                    one.database() + "." + one.name().replace('-', '_'),
                    one.rowsPerYear(demand.members()),
                    one.bytes(),
                    one.keptDays(),
                    one.gibAfter(demand.members(), in.of("years")));
        }
        return table.text();
    }

    String needsTable() {
        var table = new Rows("Needed", "health-api, health", "whoop-service, whoop");
        table.row("cores of the service in the busiest minute", needs.healthApiCores(), needs.whoopServiceCores());
        table.row("replicas", needs.healthApiReplicas(), needs.whoopServiceReplicas());
        table.row("of them by processor time", needs.healthApiReplicas(), needs.whoopServiceReplicasByCpu());
        table.row("of them by waiting for WHOOP", Double.NaN, needs.whoopServiceReplicasByWaiting());
        table.row("cores that the database uses", needs.healthDatabaseCores(), needs.whoopDatabaseCores());
        table.row(
                "cores of an instance",
                DATABASES.stream().map(needs::databaseCores).toArray(Double[]::new));
        table.row(
                "memory of an instance, GiB",
                DATABASES.stream().map(needs::databaseMemory).toArray(Double[]::new));
        table.row(
                "volume of an instance, GiB",
                DATABASES.stream().map(needs::volumeGib).toArray(Double[]::new));
        table.row(
                "connections while releases follow one another",
                needs.connections(needs.healthApiReplicas()),
                needs.connections(needs.whoopServiceReplicas()));
        table.row(
                "hours of a restore, at the pace measured",
                DATABASES.stream()
                        .map(one -> needs.restoreHours(one, "restore"))
                        .toArray(Double[]::new));
        table.row(
                "hours of a restore, at the pace promised",
                DATABASES.stream()
                        .map(one -> needs.restoreHours(one, "restore-promised"))
                        .toArray(Double[]::new));
        table.row("databases", DATABASES.stream().map(needs::databases).toArray(Double[]::new));
        table.row(
                "members that one database carries",
                DATABASES.stream().map(needs::membersPerDatabase).toArray(Double[]::new));
        var units = new Rows("Paid for", "all");
        units.row("cores asked for, three instances of each database included", needs.cpu());
        units.row("memory, GiB", needs.memory());
        units.row("disk, GiB", needs.disk());
        if (needs.isPriced()) {
            units.row("a month, in the currency of the prices", needs.price());
        }
        return table.text() + "\n" + units.text();
    }

    /** How all of it grows with members. */
    String growthTable() {
        var heads = new ArrayList<String>();
        var sizes = new ArrayList<Needs>();
        for (int size : SIZES) {
            heads.add(number(size));
            sizes.add(Needs.of(in.with(List.of("members=" + size))));
        }
        var table = new Rows("Members", heads.toArray(String[]::new));
        growth(
                table,
                sizes,
                "webhooks in the busiest minute, /s",
                one -> one.demand().eventsAtPeak());
        growth(
                table,
                sizes,
                "reads in the busiest minute, /s",
                one -> one.demand().readsAtPeak());
        growth(table, sizes, "calls of WHOOP a day", one -> one.demand().callsADay());
        growth(table, sizes, "WHOOP apps", one -> one.demand().apps());
        growth(table, sizes, "replicas of health-api", Needs::healthApiReplicas);
        growth(table, sizes, "replicas of whoop-service", Needs::whoopServiceReplicas);
        for (String database : DATABASES) {
            growth(table, sizes, "cores of an instance of " + database, one -> one.databaseCores(database));
            growth(table, sizes, "volume of an instance of " + database + ", GiB", one -> one.volumeGib(database));
            growth(table, sizes, "databases " + database, one -> one.databases(database));
        }
        growth(table, sizes, "cores asked for", Needs::cpu);
        growth(table, sizes, "memory, GiB", Needs::memory);
        growth(table, sizes, "disk, GiB", Needs::disk);
        return table.text();
    }

    private static void growth(
            Rows table, List<Needs> sizes, String what, java.util.function.ToDoubleFunction<Needs> figure) {
        table.row(what, sizes.stream().map(figure::applyAsDouble).toArray(Double[]::new));
    }

    /** What all of it rests on. */
    String inputsTable() {
        var text = new StringBuilder("| Figure | Value | Unit | Rests on |\n|---|---|---|---|\n");
        in.figures()
                .forEach((name, input) -> text.append("| `%s` | %s | %s | %s |\n"
                        .formatted(
                                name,
                                input.isThere() ? Input.plain(input.value()) : "",
                                input.unit(),
                                origin(input.origin()))));
        return text.toString();
    }

    private static String origin(Origin origin) {
        return switch (origin) {
            case Origin.Measured(String command, String commit, String remark) ->
                "measured: `" + command + "` at " + commit + (remark.isEmpty() ? "" : ", " + remark);
            case Origin.Documented(String source) -> "documented: " + source;
            case Origin.Assumed(String reason) -> "assumed: " + reason;
        };
    }

    /** Three digits that count; thousands apart; an end that there is none of in words. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        } else if (Double.isInfinite(value)) {
            return "for ever";
        }
        BigDecimal rounded = Math.abs(value) >= 100 || value == Math.rint(value)
                ? BigDecimal.valueOf(Math.round(value))
                : new BigDecimal(value, new MathContext(3)).stripTrailingZeros();
        return rounded.scale() > 0
                ? rounded.toPlainString()
                : String.format(Locale.ROOT, "%,d", rounded.longValue()).replace(',', ' ');
    }

    /** A table that is written row by row. */
    private static final class Rows {
        private final StringBuilder text = new StringBuilder();
        private final int columns;

        Rows(String first, String... others) {
            columns = others.length;
            text.append("| ").append(first);
            for (String other : others) {
                text.append(" | ").append(other);
            }
            text.append(" |\n|").append("---|".repeat(columns + 1)).append('\n');
        }

        /** Columns that are left over stay empty. */
        void row(String what, Double... figures) {
            text.append("| ").append(what);
            for (int column = 0; column < columns; column++) {
                text.append(" | ").append(column < figures.length ? number(figures[column]) : "");
            }
            text.append(" |\n");
        }

        String text() {
            return text.toString();
        }
    }
}
