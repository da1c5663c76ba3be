package io.vitals.gitops.network;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Policies as rules of nftables, for whatever forwards the packets of all endpoints. Labels become addresses here, as an engine in a cluster
 * makes them; addresses, exceptions and ports, and that policies add up, are the kernel's to decide. What is denied is answered by a message
 * of its own, which no closed port sends.
 */
final class NftRules {
    private final Network network;
    private final StringBuilder chains = new StringBuilder();
    private final Map<String, String> out = new LinkedHashMap<>();
    private final Map<String, String> in = new LinkedHashMap<>();

    private NftRules(Network network) {
        this.network = network;
    }

    static String of(Network network) {
        return new NftRules(network).text();
    }

    private String text() {
        List<Endpoint> endpoints = network.endpoints();
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            if (endpoint.pod()) {
                chain(endpoint, "out" + i, true);
                chain(endpoint, "in" + i, false);
            }
        }
        return """
                table inet policies {
                %s  chain forward {
                    type filter hook forward priority 0; policy drop;
                    ct state established,related accept
                    ip saddr vmap { %s }
                    ip daddr vmap { %s }
                    accept
                  }
                }
                """.formatted(chains, jumps(out), jumps(in));
    }

    private static String jumps(Map<String, String> chains) {
        return chains.entrySet().stream()
                .map(entry -> entry.getKey() + " : jump " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** What leads out of it lets a packet go on to the next chain; its end does not. */
    private void chain(Endpoint endpoint, String name, boolean leaving) {
        var rules = new ArrayList<String>();
        boolean selected = false;
        for (Policy policy : network.policies()) {
            List<Policy.Rule> said = leaving ? policy.out() : policy.in();
            if (said != null && policy.selects(endpoint)) {
                selected = true;
                for (Policy.Rule rule : said) {
                    rules(rule, policy, endpoint, leaving)
                            .forEach(match -> rules.add(match.strip() + " return comment \"" + policy.id() + "\""));
                }
            }
        }
        if (!selected) {
            return;
        }
        (leaving ? out : in).put(endpoint.address(), name);
        chains.append("  chain ").append(name).append(" {\n");
        rules.forEach(rule -> chains.append("    ").append(rule).append('\n'));
        chains.append("    reject with icmpx admin-prohibited\n  }\n");
    }

    private List<String> rules(Policy.Rule rule, Policy policy, Endpoint endpoint, boolean leaving) {
        String side = leaving ? "ip daddr" : "ip saddr";
        var matches = new ArrayList<String>();
        for (String peers : rule.peers().isEmpty() ? List.of("") : peers(rule, policy, side)) {
            if (rule.ports().isEmpty()) {
                matches.add(peers);
            }
            for (Policy.Ports ports : rule.ports()) {
                if (ports.name() == null) {
                    matches.add(peers + port(ports));
                } else {
                    named(ports, endpoint, leaving).forEach(asked -> matches.add(peers + asked));
                }
            }
        }
        return matches;
    }

    private List<String> peers(Policy.Rule rule, Policy policy, String side) {
        var all = new ArrayList<String>();
        for (Policy.Peer peer : rule.peers()) {
            Block block = peer.block();
            if (block != null) {
                all.add("%s %s %s"
                        .formatted(
                                side,
                                block.cidr(),
                                block.except().isEmpty()
                                        ? ""
                                        : "%s != { %s } ".formatted(side, String.join(", ", block.except()))));
                continue;
            }
            String addresses = network.endpoints().stream()
                    .filter(endpoint -> peer.fits(policy.namespace(), endpoint))
                    .map(Endpoint::address)
                    .collect(Collectors.joining(", "));
            if (!addresses.isEmpty()) {
                all.add("%s { %s } ".formatted(side, addresses));
            }
        }
        return all;
    }

    private static String port(Policy.Ports ports) {
        Integer first = ports.first();
        String protocol = ports.protocol().toLowerCase(Locale.ROOT);
        return first == null ? "meta l4proto " + protocol : "%s dport %d-%d".formatted(protocol, first, ports.last());
    }

    /** A name means what the pod that is asked calls so: another port for each. */
    private List<String> named(Policy.Ports ports, Endpoint endpoint, boolean leaving) {
        var all = new ArrayList<String>();
        for (Endpoint asked : leaving ? network.endpoints() : List.of(endpoint)) {
            @Nullable Port port = asked.ports().get(String.valueOf(ports.name()));
            if (port != null && port.protocol().equals(ports.protocol())) {
                all.add("ip daddr %s %s dport %d"
                        .formatted(asked.address(), port.protocol().toLowerCase(Locale.ROOT), port.number()));
            }
        }
        return all;
    }
}
