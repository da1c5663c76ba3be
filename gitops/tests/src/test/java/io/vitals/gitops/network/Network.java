package io.vitals.gitops.network;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Endpoints and the policies between them, with Kubernetes' own meaning: a pod that no policy selects is open; one that is selected is open
 * to what any of those policies lets through; and a connection needs both sides. What a node says to its own pods is let through always,
 * so {@code outside/node} is another node than that of the pod.
 */
record Network(List<Endpoint> endpoints, List<Policy> policies) {
    /**
     * How a connection is decided.
     *
     * @param why the policies that decide
     */
    record Decision(boolean open, String why) {}

    Network {
        Map<String, Long> addresses =
                endpoints.stream().collect(Collectors.groupingBy(Endpoint::address, Collectors.counting()));
        addresses.forEach((address, count) -> {
            if (count > 1) {
                throw new IllegalArgumentException("several endpoints have the address " + address);
            }
        });
    }

    /** For connections from one to the other, whatever the port: which policies have a say is found out once. */
    Function<Port, Decision> between(Endpoint from, Endpoint to) {
        List<Policy> out = from.pod()
                ? policies.stream()
                        .filter(policy -> policy.out() != null && policy.selects(from))
                        .toList()
                : List.of();
        List<Policy> in = to.pod()
                ? policies.stream()
                        .filter(policy -> policy.in() != null && policy.selects(to))
                        .toList()
                : List.of();
        return port -> decide(out, in, from, to, port);
    }

    private static Decision decide(List<Policy> out, List<Policy> in, Endpoint from, Endpoint to, Port port) {
        List<Policy> lets = out.stream()
                .filter(policy -> allows(policy.out(), policy, to, to, port))
                .toList();
        if (!out.isEmpty() && lets.isEmpty()) {
            return new Decision(false, "no rule of " + ids(out) + " lets it out");
        }
        List<Policy> takes = in.stream()
                .filter(policy -> allows(policy.in(), policy, from, to, port))
                .toList();
        if (!in.isEmpty() && takes.isEmpty()) {
            return new Decision(false, "no rule of " + ids(in) + " lets it in");
        }
        return new Decision(true, "out by " + ids(lets) + ", in by " + ids(takes));
    }

    private static boolean allows(
            @Nullable List<Policy.Rule> rules, Policy policy, Endpoint peer, Endpoint asked, Port port) {
        return rules != null && rules.stream().anyMatch(rule -> rule.allows(policy.namespace(), peer, asked, port));
    }

    private static String ids(List<Policy> policies) {
        return policies.isEmpty()
                ? "no policy"
                : policies.stream().map(Policy::id).sorted().collect(Collectors.joining(" and "));
    }

    /** Every port that a policy or a pod speaks of, and what lies just beside a range. */
    TreeSet<Port> ports() {
        var all = new TreeSet<Port>();
        endpoints.forEach(endpoint -> all.addAll(endpoint.ports().values()));
        for (Policy policy : policies) {
            var rules = new ArrayList<Policy.Rule>();
            if (policy.in() != null) {
                rules.addAll(policy.in());
            }
            if (policy.out() != null) {
                rules.addAll(policy.out());
            }
            for (Policy.Rule rule : rules) {
                for (Policy.Ports ports : rule.ports()) {
                    Integer first = ports.first();
                    if (first != null) {
                        all.add(new Port(ports.protocol(), first));
                        all.add(new Port(ports.protocol(), ports.last()));
                        if (ports.last() > first) {
                            all.add(new Port(ports.protocol(), Math.min(65535, ports.last() + 1)));
                        }
                    }
                }
            }
        }
        return all;
    }
}
