package io.vitals.gitops.network;

import io.vitals.gitops.Manifest;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What policies mean, rule by rule, as Kubernetes defines it. */
class PolicyTest {
    private static final Endpoint CLIENT = pod("a", "client", "10.0.0.1", Map.of());
    private static final Endpoint SERVER = pod("a", "server", "10.0.0.2", Map.of("web", Port.tcp(8080)));
    private static final Endpoint FOREIGN = pod("b", "client", "10.0.1.1", Map.of());
    private static final Endpoint WORLD =
            new Endpoint("outside/world", "", Map.of(), Map.of(), Map.of(), "203.0.113.10");

    @Test
    void withoutPolicyEverythingIsOpen() {
        assertThat(open(CLIENT, SERVER, 8080)).isTrue();
        assertThat(open(WORLD, SERVER, 1)).isTrue();
    }

    @Test
    void aPolicyThatLetsNothingThroughShutsThePodsOfItsNamespaceAlone() {
        String deny = "{podSelector: {}, policyTypes: [Ingress, Egress]}";
        assertThat(open(FOREIGN, SERVER, 8080, deny)).isFalse();
        assertThat(open(SERVER, FOREIGN, 8080, deny)).isFalse();
        assertThat(open(WORLD, FOREIGN, 8080, deny)).isTrue();
    }

    @Test
    void aPolicyOfOneDirectionSaysNothingOfTheOther() {
        String ingress = "{podSelector: {}, policyTypes: [Ingress]}";
        assertThat(open(WORLD, SERVER, 8080, ingress)).isFalse();
        assertThat(open(SERVER, WORLD, 443, ingress)).isTrue();
        // Without types: of what comes in always, of what goes out if it has rules for that.
        assertThat(open(WORLD, SERVER, 8080, "{podSelector: {}}")).isFalse();
        assertThat(open(SERVER, WORLD, 443, "{podSelector: {}}")).isTrue();
        assertThat(open(SERVER, WORLD, 443, "{podSelector: {}, egress: [{ports: [{port: 80}]}]}"))
                .isFalse();
    }

    @Test
    void whatOnePolicyLetsThroughIsLetThrough() {
        String deny = "{podSelector: {}, policyTypes: [Ingress]}";
        String one = "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {}}]}]}";
        assertThat(open(CLIENT, SERVER, 8080, deny, one)).isTrue();
        assertThat(open(FOREIGN, SERVER, 8080, deny, one)).isFalse();
        assertThat(open(SERVER, CLIENT, 8080, deny, one)).isFalse();
    }

    @Test
    void bothSidesMustAgree() {
        String in = "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 8080}]}]}";
        String out =
                "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{ports: [{port: 9090}]}]}";
        assertThat(open(CLIENT, SERVER, 8080, in, out)).isFalse();
        assertThat(open(CLIENT, SERVER, 9090, in, out)).isFalse();
        assertThat(open(FOREIGN, SERVER, 8080, in, out)).isTrue();
    }

    @Test
    void aRuleWithoutPeersIsForEverybodyAndAnEmptyListOfRulesForNobody() {
        assertThat(open(WORLD, SERVER, 8080, "{podSelector: {}, ingress: [{}]}"))
                .isTrue();
        assertThat(open(WORLD, SERVER, 8080, "{podSelector: {}, ingress: []}")).isFalse();
        assertThat(open(WORLD, SERVER, 8080, "{podSelector: {}, ingress: [{from: []}]}"))
                .isTrue();
    }

    /** Beside one another both are asked for; one above the other, one is enough. */
    @Test
    void namespaceAndPodInOnePeerAreBothAskedFor() {
        String both =
                "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {name: b}}, podSelector: {matchLabels: {app: x}}}]}]}";
        String either =
                "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {name: b}}}, {podSelector: {matchLabels: {app: x}}}]}]}";
        assertThat(open(FOREIGN, SERVER, 8080, both)).isFalse();
        assertThat(open(FOREIGN, SERVER, 8080, either)).isTrue();
        assertThat(open(CLIENT, SERVER, 8080, either)).isFalse();
        assertThat(open(WORLD, SERVER, 8080, "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.0/24, '',             true",
        "203.0.113.0/24, 203.0.113.8/29, false",
        "203.0.113.0/24, 203.0.113.11/32, true",
        "0.0.0.0/0,      10.0.0.0/8,     true",
        "0.0.0.0/0,      203.0.0.0/16,   false",
        "203.0.113.10/32, '',            true",
        "203.0.113.12/30, '',            false",
    })
    void addressesButForSome(String cidr, String except, boolean open) {
        assertThat(open(
                        SERVER,
                        WORLD,
                        443,
                        "{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: %s, except: [%s]}}]}]}"
                                .formatted(cidr, except)))
                .isEqualTo(open);
    }

    @Test
    void aRangeOfAddressesIsAlsoOfThePodsThatHaveThem() {
        String policy =
                "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{ipBlock: {cidr: 10.0.1.0/24}}]}]}";
        assertThat(open(FOREIGN, SERVER, 8080, policy)).isTrue();
        assertThat(open(CLIENT, SERVER, 8080, policy)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "{port: 8080}, 8080, true",
        "{port: 8080}, 8081, false",
        "{port: 8080}, 8080/udp, false",
        "'{port: 8080, protocol: UDP}', 8080/udp, true",
        "'{port: 8080, endPort: 8090}', 8090, true",
        "'{port: 8080, endPort: 8090}', 8091, false",
        "{protocol: UDP}, 53/udp, true",
        "{protocol: UDP}, 53, false",
        "{port: web}, 8080, true",
        "{port: web}, 8081, false",
        "{port: another}, 8080, false",
    })
    void ports(String port, String asked, boolean open) {
        assertThat(decide(
                        CLIENT,
                        SERVER,
                        Port.parse(asked),
                        "{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [%s]}]}".formatted(port)))
                .isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "'{key: app, operator: In, values: [client, other]}', true",
        "'{key: app, operator: NotIn, values: [client]}', false",
        "'{key: absent, operator: NotIn, values: [client]}', true",
        "'{key: app, operator: Exists}', true",
        "'{key: app, operator: DoesNotExist}', false",
    })
    void expressions(String expression, boolean open) {
        assertThat(open(
                        CLIENT,
                        SERVER,
                        8080,
                        "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {matchExpressions: [%s]}}]}]}"
                                .formatted(expression)))
                .isEqualTo(open);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{podSelector: {}, ingress: [{form: []}]}",
                "{podSelector: {}, ingress: [{from: [{}]}]}",
                "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 'fd00::/8'}}]}]}",
                "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: NODES}}]}]}",
                "{podSelector: {}, ingress: [{ports: [{port: 1, protocol: SCTP}]}]}",
                "{podSelector: {matchLabel: {}}}",
                "{podSelector: {matchExpressions: [{key: app, operator: Like}]}}",
            })
    void whatIsNotUnderstoodIsRefused(String spec) {
        assertThatThrownBy(() -> network(List.of(spec))).hasMessageStartingWith("NetworkPolicy a/policy-0: ");
    }

    @Test
    void aDecisionNamesThePoliciesThatMakeIt() {
        var network = network(List.of("{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}"));
        assertThat(network.between(CLIENT, SERVER).apply(Port.tcp(8080)).why())
                .isEqualTo("out by no policy, in by a/policy-0");
        assertThat(network.between(CLIENT, SERVER).apply(Port.tcp(22)).why())
                .isEqualTo("no rule of a/policy-0 lets it in");
    }

    @Test
    void theSameRulesAreWrittenForAKernel() {
        var rules = NftRules.of(
                network(
                        List.of(
                                "{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: {}}], ports: [{port: web}]}]}",
                                "{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}")));
        assertThat(rules)
                .contains(
                        "ip saddr { 10.0.0.1, 10.0.0.2 } ip daddr 10.0.0.2 tcp dport 8080 return comment \"a/policy-0\"")
                .contains("ip daddr 0.0.0.0/0 ip daddr != { 10.0.0.0/8 } return comment \"a/policy-1\"")
                .contains("ip saddr vmap { 10.0.0.1 : jump out0 }")
                .contains("ip daddr vmap { 10.0.0.2 : jump in1 }");
    }

    private static boolean open(Endpoint from, Endpoint to, int port, String... specs) {
        return decide(from, to, Port.tcp(port), specs);
    }

    private static boolean decide(Endpoint from, Endpoint to, Port port, String... specs) {
        return network(List.of(specs)).between(from, to).apply(port).open();
    }

    private static Network network(List<String> specs) {
        var policies = new ArrayList<Policy>();
        for (String spec : specs) {
            policies.add(Policy.of(
                    new Manifest(Yaml.parse("{kind: NetworkPolicy, metadata: {namespace: a, name: policy-%d}, spec: %s}"
                                    .formatted(policies.size(), spec))
                            .getFirst())));
        }
        return new Network(List.of(CLIENT, SERVER, FOREIGN, WORLD), policies);
    }

    private static Endpoint pod(String namespace, String name, String address, Map<String, Port> ports) {
        return new Endpoint(
                namespace + "/" + name, namespace, Map.of("name", namespace), Map.of("app", name), ports, address);
    }
}
