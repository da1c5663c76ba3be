package io.vitals.gitops.platform;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Findings;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import io.vitals.gitops.Yaml;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the services send spans to is there, listens on their port and is let through to. */
final class TracesRule implements Rule {
    private static final Pattern PORT = Pattern.compile("\\| `tracing\\.port` \\| number \\| `(\\d+)` \\|");

    @Override
    public void judge(Tree tree, Findings findings) {
        for (String cluster : Sources.CLUSTERS) {
            traces(tree, findings, cluster);
        }
    }

    private static void traces(Tree tree, Findings findings, String cluster) {
        var port = PORT.matcher(tree.read("docs/configuration.md"));
        if (!port.find()) {
            findings.add(Path.of("docs/configuration.md"), "does not say on which port traces are sent");
            return;
        }
        JsonNode receiver = Yaml.read(tree.root().resolve("gitops/platform/jaeger/values.yaml"))
                .getFirst()
                .at("/userconfig/receivers/jaeger/protocols/grpc/endpoint");
        findings.require(
                receiver.asText("").endsWith(":" + port.group(1)),
                Path.of("gitops/platform/jaeger/values.yaml"),
                "receiver",
                "does not listen on " + port.group(1));
        Path jaeger = Path.of("gitops/platform/jaeger/extras");
        Set<String> addresses = Sources.rendered(tree, cluster).getOrDefault(jaeger, List.of()).stream()
                .filter(manifest -> manifest.kind().equals("Service")
                        && manifest.at("/spec/ports").findValuesAsText("port").contains(port.group(1)))
                .map(manifest -> manifest.name() + "." + manifest.namespace() + ".svc")
                .collect(Collectors.toSet());
        for (JsonNode environment : Sources.facts(tree, cluster).at("/spec/environments")) {
            for (String service : List.of("health-api", "whoop-service")) {
                Path file = Path.of("gitops/apps", service, "overlays", environment.asText(), "settings.yaml");
                JsonNode tracing = Yaml.parse(Yaml.read(tree.root().resolve(file))
                                .getFirst()
                                .at("/data/settings")
                                .asText())
                        .getFirst()
                        .path("tracing");
                findings.require(
                        !tracing.path("enabled").asBoolean()
                                || addresses.contains(tracing.path("host").asText()),
                        file,
                        "tracing.host",
                        "is no Service of Jaeger: " + tracing.path("host").asText());
            }
        }
        Path folder = Path.of("gitops/clusters", cluster, "namespaces");
        for (String[] policy : new String[][] {{"jaeger", "ingress"}, {"tracing", "egress"}}) {
            Sources.rendered(tree, cluster).getOrDefault(folder, List.of()).stream()
                    .filter(manifest -> manifest.kind().equals("NetworkPolicy")
                            && manifest.name().equals(policy[0]))
                    .forEach(manifest -> findings.require(
                            manifest.at("/spec/" + policy[1] + "/0/ports")
                                    .findValuesAsText("port")
                                    .contains(port.group(1)),
                            folder,
                            manifest.id(),
                            "does not let traces through on " + port.group(1)));
        }
    }
}
