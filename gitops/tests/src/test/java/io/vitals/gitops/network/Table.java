package io.vitals.gitops.network;

import io.vitals.gitops.Tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What docs/platform/network.md says: which pods there are that charts bring, and who reaches whom. What is in no row is shut. */
record Table(List<Pod> pods, List<Row> rows) {
    static final String FILE = "docs/platform/network.md";
    private static final Pattern PODS = Pattern.compile("\\| Pod \\|.*");
    private static final Pattern ROWS = Pattern.compile("\\| From \\|.*");

    /**
     * One that is not rendered here.
     *
     * @param namespaceLabels of a namespace that is not rendered either
     */
    record Pod(String name, Map<String, String> labels, Map<String, String> namespaceLabels, Set<Port> ports) {}

    /**
     * What is open.
     *
     * @param ports none for all
     * @param clusters none for all
     */
    record Row(String from, String to, Set<Port> ports, Set<String> clusters, String line) {
        boolean isAbout(String cluster, Endpoint asking, Endpoint asked) {
            return (clusters.isEmpty() || clusters.contains(cluster))
                    && Table.names(from, asking.name())
                    && Table.names(to, asked.name());
        }

        boolean opens(Port port) {
            return ports.isEmpty() || ports.contains(port);
        }
    }

    static Table of(Tree tree) {
        var pods = new ArrayList<Pod>();
        var rows = new ArrayList<Row>();
        Pattern table = null;
        for (String line : tree.read(FILE).lines().toList()) {
            if (PODS.matcher(line).matches()) {
                table = PODS;
            } else if (ROWS.matcher(line).matches()) {
                table = ROWS;
            } else if (!line.startsWith("|")) {
                table = null;
            } else if (table != null && !line.startsWith("|---")) {
                List<String> cells = cells(line);
                if (table == PODS) {
                    pods.add(pod(cells, line));
                } else {
                    rows.add(row(cells, line));
                }
            }
        }
        return new Table(pods, rows);
    }

    /** Ports that it speaks of. */
    Set<Port> ports() {
        var all = new TreeSet<Port>();
        rows.forEach(row -> all.addAll(row.ports()));
        pods.forEach(pod -> all.addAll(pod.ports()));
        return all;
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(cell -> cell.replace("`", "").strip())
                .toList();
    }

    private static Pod pod(List<String> cells, String line) {
        if (cells.size() != 4 || !cells.getFirst().matches("[a-z-]+/[a-z-]+")) {
            throw new IllegalArgumentException(
                    FILE + ": a pod is namespace/name, labels, labels of its namespace, ports: " + line);
        }
        return new Pod(cells.get(0), labels(cells.get(1)), labels(cells.get(2)), ports(cells.get(3)));
    }

    private static Row row(List<String> cells, String line) {
        if (cells.size() != 5 || cells.contains("")) {
            throw new IllegalArgumentException(FILE + ": a row says from, to, ports, where and why: " + line);
        }
        return new Row(
                cells.get(0),
                cells.get(1),
                cells.get(2).equals("all") ? Set.of() : ports(cells.get(2)),
                cells.get(3).equals("everywhere")
                        ? Set.of()
                        : Set.of(cells.get(3).split(", ", -1)),
                line);
    }

    private static Map<String, String> labels(String cell) {
        var all = new TreeMap<String, String>();
        for (String label : cell.isEmpty() ? new String[0] : cell.split(", ", -1)) {
            String[] parts = label.split("=", -1);
            all.put(parts[0], parts[1]);
        }
        return all;
    }

    private static Set<Port> ports(String cell) {
        var all = new TreeSet<Port>();
        for (String port : cell.isEmpty() ? new String[0] : cell.split(", ", -1)) {
            all.add(Port.parse(port));
        }
        return all;
    }

    /** Whether a cell such as {@code monitoring/*, edge/*, not monitoring/grafana} means an endpoint. */
    private static boolean names(String cell, String name) {
        boolean named = false;
        for (String part : cell.split(", ", -1)) {
            boolean not = part.startsWith("not ");
            if (name.matches((not ? part.substring(4) : part).replace("*", "[a-z-]+"))) {
                if (not) {
                    return false;
                }
                named = true;
            }
        }
        return named;
    }
}
