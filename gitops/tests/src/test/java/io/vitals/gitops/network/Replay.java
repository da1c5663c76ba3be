package io.vitals.gitops.network;

import io.vitals.gitops.Program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** The same matrix by real packets: a network of the endpoints, with the policies as rules of its kernel, and every connection tried. */
public final class Replay {
    private final Reachability matrix;
    private final Network network;

    private Replay(Reachability matrix, Network network) {
        this.matrix = matrix;
        this.network = network;
    }

    public static Replay of(Reachability matrix) {
        return new Replay(matrix, matrix.network());
    }

    /** As if somebody had taken a policy away. */
    public Replay without(String policy) {
        List<Policy> rest = network.policies().stream()
                .filter(one -> !one.id().equals(policy))
                .toList();
        if (rest.size() == network.policies().size()) {
            throw new IllegalArgumentException("there is no policy " + policy);
        }
        return new Replay(matrix, new Network(network.endpoints(), rest));
    }

    /**
     * Where packets and table differ, with the policies that have a say there.
     *
     * @param folder for what the network is made of, and what came of it
     */
    public List<String> differences(Path folder) throws IOException {
        Map<String, String> seen = tried(folder);
        return matrix.differences(new HashSet<>(), pair -> {
            var decided = network.between(pair.from(), pair.to());
            return port -> {
                String found =
                        seen.getOrDefault(pair.from().name() + " " + pair.to().name() + " " + port, "untried");
                String why = decided.apply(port).why();
                return switch (found) {
                    case "open" -> new Network.Decision(true, "by its packets (" + why + ")");
                    case "shut" -> new Network.Decision(false, "by its packets (" + why + ")");
                    default ->
                        throw new IllegalStateException("%s -> %s %s: %s"
                                .formatted(pair.from().name(), pair.to().name(), port, found));
                };
            };
        });
    }

    /** Where the policies themselves differ from the table. */
    public List<String> expected() {
        return matrix.differences(new HashSet<>(), pair -> network.between(pair.from(), pair.to()));
    }

    /** How each connection ended, by who asked whom on which port. */
    private Map<String, String> tried(Path folder) throws IOException {
        var endpoints = new ArrayList<String>();
        for (int i = 0; i < network.endpoints().size(); i++) {
            Endpoint endpoint = network.endpoints().get(i);
            endpoints.add(endpoint.name() + " e" + i + " " + endpoint.address());
        }
        Files.write(folder.resolve("endpoints"), endpoints);
        Files.write(
                folder.resolve("ports"),
                matrix.ports().stream().map(Port::toString).toList());
        Files.writeString(folder.resolve("rules.nft"), NftRules.of(network));
        Program.run(
                        Program.ROOT,
                        "tools/cluster/network",
                        folder.toString(),
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.net.preferIPv4Stack=true",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Packets.class.getName(),
                        folder.resolve("endpoints").toString(),
                        folder.resolve("ports").toString(),
                        folder.resolve("connections").toString())
                .orThrow();
        var seen = new HashMap<String, String>();
        for (String line : Files.readAllLines(folder.resolve("connections"))) {
            int last = line.lastIndexOf(' ');
            seen.put(line.substring(0, last), line.substring(last + 1));
        }
        return seen;
    }
}
