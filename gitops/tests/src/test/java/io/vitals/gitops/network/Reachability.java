package io.vitals.gitops.network;

import io.vitals.gitops.Tree;
import io.vitals.gitops.platform.Sources;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The matrix of a cluster: who reaches whom, on every port that anybody speaks of and on some that nobody does, as the table has it and as
 * the policies decide.
 */
public final class Reachability {
    /** Asked for by no policy: what every machine has, and what nobody has. */
    private static final List<Port> OTHERS = List.of(Port.tcp(22), Port.tcp(80), Port.tcp(50001));

    private final String cluster;
    private final Table table;
    private final Network network;
    private final TreeSet<Port> ports;

    private Reachability(String cluster, Table table, Network network) {
        this.cluster = cluster;
        this.table = table;
        this.network = network;
        ports = network.ports();
        ports.addAll(table.ports());
        ports.addAll(OTHERS);
    }

    public static Reachability of(Tree tree, String cluster) {
        Table table = Table.of(tree);
        return new Reachability(cluster, table, Endpoints.of(tree, cluster, table));
    }

    /** The clusters that there are, by name. */
    public static List<String> clusters() {
        return Sources.CLUSTERS;
    }

    Network network() {
        return network;
    }

    Set<Port> ports() {
        return ports;
    }

    /** How many connections there are to decide about. */
    public int size() {
        return network.endpoints().size() * (network.endpoints().size() - 1) * ports.size();
    }

    /**
     * Where policies and table differ, a line for a pair and a reason.
     *
     * @param used gets the rows without which something would be shut
     */
    List<String> differences(Set<Table.Row> used) {
        return differences(used, pair -> network.between(pair.from(), pair.to()));
    }

    /** Who asks, and who is asked. */
    record Pair(Endpoint from, Endpoint to) {}

    /** The same for decisions of something else. */
    List<String> differences(Set<Table.Row> used, Function<Pair, Function<Port, Network.Decision>> decided) {
        var lines = new ArrayList<String>();
        for (Endpoint from : network.endpoints()) {
            for (Endpoint to : network.endpoints()) {
                if (!from.equals(to)) {
                    differences(new Pair(from, to), used, decided, lines);
                }
            }
        }
        return lines;
    }

    private void differences(
            Pair pair,
            Set<Table.Row> used,
            Function<Pair, Function<Port, Network.Decision>> decided,
            List<String> lines) {
        Function<Port, Network.Decision> decisions = decided.apply(pair);
        var wrong = new TreeMap<String, TreeSet<Port>>();
        List<Table.Row> all = table.rows().stream()
                .filter(row -> row.isAbout(cluster, pair.from(), pair.to()))
                .toList();
        for (Port port : ports) {
            List<Table.Row> rows = all.stream().filter(row -> row.opens(port)).toList();
            if (rows.size() == 1) {
                used.add(rows.getFirst());
            }
            Network.Decision decision = decisions.apply(port);
            if (decision.open() && rows.isEmpty()) {
                wrong.computeIfAbsent("open, " + decision.why() + ", and no row says so", missing -> new TreeSet<>())
                        .add(port);
            } else if (!decision.open() && !rows.isEmpty()) {
                wrong.computeIfAbsent("shut, " + decision.why() + ", and a row opens it", missing -> new TreeSet<>())
                        .add(port);
            }
        }
        wrong.forEach((what, which) -> lines.add("%s: %s -> %s: %s is %s"
                .formatted(
                        cluster,
                        pair.from().name(),
                        pair.to().name(),
                        which.size() == ports.size()
                                ? "every port"
                                : which.stream().map(Port::toString).collect(Collectors.joining(", ")),
                        what)));
    }
}
