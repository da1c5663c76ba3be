package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.logs.AlloyConfig.Block;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Does with lines what the configuration of Alloy says, as Alloy itself can not be had as a program here. */
final class Alloy {
    private static final Path PLATFORM = Path.of("../../gitops/platform");

    private final Block process;
    private final Block relabel;

    private Alloy(Block process, Block relabel) {
        this.process = process;
        this.relabel = relabel;
    }

    /** That of the nodes, which reads what pods write. */
    static Alloy ofPods() {
        Block config = config("alloy");
        return new Alloy(config.component("loki.process", "pods"), config.component("discovery.relabel", "pods"));
    }

    /** That which reads the events of Kubernetes. */
    static Alloy ofEvents() {
        Block config = config("alloy-events");
        return new Alloy(config.component("loki.process", "events"), config);
    }

    private static Block config(String component) {
        try {
            JsonNode values = new YAMLMapper()
                    .readTree(PLATFORM.resolve(component).resolve("values.yaml").toFile());
            return AlloyConfig.parse(values.at("/alloy/configMap/content").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, but that it takes nothing out of any line. */
    Alloy withoutRedaction() {
        return new Alloy(
                new Block(
                        process.name(),
                        process.label(),
                        process.attributes(),
                        process.blocks().stream()
                                .filter(stage -> !isRedaction(stage))
                                .toList()),
                relabel);
    }

    private static boolean isRedaction(Block stage) {
        return stage.name().equals("stage.replace");
    }

    /** What it takes out of lines, in order. */
    List<Map<String, Object>> redaction() {
        return process.blocks().stream()
                .filter(Alloy::isRedaction)
                .map(Block::attributes)
                .toList();
    }

    /** A line that a container wrote, as it comes out of the file of the container runtime. */
    LogLine fromPod(Pod pod, Instant time, String text) {
        Map<String, String> labels = pod.labels(relabel);
        labels.put("filename", labels.getOrDefault("__path__", ""));
        labels.keySet().removeIf(name -> name.startsWith("__"));
        return run(labels, time, time + " stdout F " + text);
    }

    /** An event of Kubernetes about an object of a namespace. */
    LogLine fromEvent(String namespace, Instant time, String text) {
        return run(
                new TreeMap<>(
                        Map.of("namespace", namespace, "job", "loki.source.kubernetes_events", "instance", "events")),
                time,
                text);
    }

    private LogLine run(Map<String, String> labels, Instant time, String text) {
        var line = new LineInStages(labels, text);
        process.blocks().forEach(line::pass);
        return line.result(time);
    }

    /** A container that writes. */
    record Pod(String namespace, String service, String container, String name) {
        static Pod of(String namespace, String service) {
            return new Pod(namespace, service, service, service + "-5f7d8c9b4-x2x7k");
        }

        /** The labels of what it writes, by the rules that say where they come from. */
        private Map<String, String> labels(Block relabel) {
            var labels = new TreeMap<>(Map.of(
                    "__meta_kubernetes_namespace", namespace,
                    "__meta_kubernetes_pod_label_app_kubernetes_io_name", service,
                    "__meta_kubernetes_pod_container_name", container,
                    "__meta_kubernetes_pod_name", name,
                    "__meta_kubernetes_pod_uid", "5a3c1c5e-6b0f-4e8e-9c55-0b9a1f7f2a11"));
            for (Block rule : relabel.blocks()) {
                String value = rule.list("source_labels").stream()
                        .map(source -> labels.getOrDefault(source, ""))
                        .collect(Collectors.joining((String) rule.attributes().getOrDefault("separator", ";")));
                var whole = Pattern.compile((String) rule.attributes().getOrDefault("regex", "(.*)"))
                        .matcher(value);
                if (whole.matches()) {
                    labels.put(
                            rule.text("target_label"),
                            whole.replaceAll(((String) rule.attributes().getOrDefault("replacement", "$1"))
                                    .replaceAll("\\$\\{(\\d)}", "\\$$1")));
                }
            }
            return new TreeMap<>(labels);
        }
    }

    /** All lines of a file of a service. */
    List<LogLine> fromPod(Pod pod, Instant time, List<String> texts) {
        var lines = new ArrayList<LogLine>();
        texts.forEach(text -> lines.add(fromPod(pod, time, text)));
        return lines;
    }
}
