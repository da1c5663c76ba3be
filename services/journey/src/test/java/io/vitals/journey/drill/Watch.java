package io.vitals.journey.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.oncall.OnCallProcess;
import io.vitals.journey.stack.Part;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.launcher.Ports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Prometheus and Alertmanager beside a run of Vitals, with the rules and receivers of the tree at a pace. */
final class Watch implements AutoCloseable {
    static final String HEALTH = "health-api-production";
    static final String WHOOP = "whoop-service-production";

    /** Both services, both databases, Alertmanager. */
    static final int TARGETS = 5;

    /**
     * No edge and no Argo CD are here to be watched, nobody answers pages, and the absence of each is an alarm; and that there are many pages is
     * what a drill is for.
     */
    private static final Set<String> ELSEWHERE = Set.of("edge", "fatigue", "gitops", "on-call");

    /** One job of whoop-service runs each minute, however fast a drill is. */
    private static final Set<String> UNHURRIED = Set.of("SchedulerLeaderWrong");

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final Pace pace;
    private final Sinks sinks;
    private final OnCallProcess onCall;
    private final Part alertmanager;
    private final Part prometheus;

    /** An alert that fires, or is about to. */
    record Firing(String alert, String service, String severity) {
        @Override
        public String toString() {
            return severity + " " + alert + " of " + service;
        }
    }

    Watch(Path folder, Pace pace, Ports ports, Part exporter) throws IOException {
        this.folder = Files.createDirectories(folder).toAbsolutePath();
        this.pace = pace;
        this.sinks = new Sinks();
        this.onCall = new OnCallProcess(Files.createDirectories(this.folder.resolve("on-call")));
        Path receivers = AlertmanagerOverlay.write(this.folder, sinks, onCall, new Shorter(pace.factor()));
        this.alertmanager = Part.alertmanager(this.folder, receivers);
        target(HEALTH, "health-api", ports.healthManagement());
        target(WHOOP, "whoop-service", ports.whoopManagement());
        Path config =
                Files.writeString(this.folder.resolve("prometheus.json"), JSON.writeValueAsString(config(exporter)));
        this.prometheus = new Part(
                this.folder.resolve("prometheus.log"),
                Map.of(),
                address -> List.of(
                        Tools.program("prometheus").toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + this.folder.resolve("prometheus"),
                        "--web.listen-address=" + address));
    }

    private ObjectNode config(Part exporter) throws IOException {
        ObjectNode config = JSON.createObjectNode();
        config.putObject("global")
                .put("evaluation_interval", seconds(pace.evaluation()))
                .put("scrape_interval", seconds(pace.scrape()))
                .put("scrape_timeout", seconds(pace.scrape()))
                .putObject("external_labels")
                .put("cluster", "production");
        staticTarget(config.putObject("alerting").putArray("alertmanagers").addObject(), alertmanager.address());
        ArrayNode files = config.putArray("rule_files");
        var overlay = new RulesOverlay(new Shorter(pace.factor()), pace.scrape(), UNHURRIED);
        for (Rules.Area area : Rules.all()) {
            if (!ELSEWHERE.contains(area.name())) {
                Path file = folder.resolve("rules-" + area.name() + ".json");
                files.add(Files.writeString(file, JSON.writeValueAsString(overlay.file(area.object())))
                        .toString());
            }
        }
        ArrayNode jobs = config.putArray("scrape_configs");
        service(jobs, HEALTH, "health-api");
        service(jobs, WHOOP, "whoop-service");
        database(jobs, HEALTH, "health", exporter);
        database(jobs, WHOOP, "whoop", exporter);
        staticTarget(job(jobs, "monitoring/alertmanager"), alertmanager.address())
                .put("namespace", "monitoring")
                .put("pod", "alertmanager-0");
        return config;
    }

    private void service(ArrayNode jobs, String namespace, String name) throws IOException {
        ObjectNode job = job(jobs, namespace + "/" + name);
        job.putArray("file_sd_configs")
                .addObject()
                .put("refresh_interval", "1s")
                .putArray("files")
                .add(targets(name).toString());
        // What is dropped in the cluster is dropped here.
        JsonNode monitor = new YAMLMapper()
                .readTree(Tools.ROOT
                        .resolve("gitops/apps/" + name + "/base/podmonitor.yaml")
                        .toFile());
        for (JsonNode relabeling : monitor.at("/spec/podMetricsEndpoints/0/metricRelabelings")) {
            ObjectNode same = relabeling.deepCopy();
            same.set("source_labels", same.remove("sourceLabels"));
            job.withArray("metric_relabel_configs").add(same);
        }
    }

    /** Both databases are in one server here: of those that have a name, each of the two is shown its own. */
    private void database(ArrayNode jobs, String namespace, String database, Part exporter) {
        ObjectNode job = job(jobs, namespace + "/" + database + "-db")
                .put("scrape_interval", seconds(pace.database()))
                .put("scrape_timeout", seconds(pace.database()));
        staticTarget(job, exporter.address())
                .put("namespace", namespace)
                .put("pod", database + "-db-1")
                .put("cnpg_io_cluster", database + "-db");
        ArrayNode relabelings = job.putArray("metric_relabel_configs");
        // The operator's exporter calls it so.
        relabelings
                .addObject()
                .put("regex", "pg_up")
                .put("replacement", "cnpg_collector_up")
                .put("target_label", "__name__")
                .putArray("source_labels")
                .add("__name__");
        relabelings
                .addObject()
                .put("action", "drop")
                .put("regex", database.equals("health") ? "whoop" : "health")
                .putArray("source_labels")
                .add("datname");
    }

    private static ObjectNode job(ArrayNode jobs, String name) {
        return jobs.addObject().put("job_name", name);
    }

    private static ObjectNode staticTarget(ObjectNode of, String address) {
        ObjectNode target = of.putArray("static_configs").addObject();
        target.putArray("targets").add(address);
        return target.putObject("labels");
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "s";
    }

    private Path targets(String name) {
        return folder.resolve("target-" + name + ".json");
    }

    /** Lets Prometheus know a pod of a service. */
    void target(String namespace, String name, int port) {
        ObjectNode target = JSON.createObjectNode();
        target.putArray("targets").add("127.0.0.1:" + port);
        target.putObject("labels")
                .put("app_kubernetes_io_name", name)
                .put("namespace", namespace)
                .put("pod", name + "-0");
        replace(name, JSON.createArrayNode().add(target));
    }

    void forgetTarget(String name) {
        replace(name, JSON.createArrayNode());
    }

    private void replace(String name, ArrayNode content) {
        try {
            Path part = Files.writeString(folder.resolve(name + ".part"), content.toString());
            Files.move(part, targets(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is firing or pending now, but the one that always is. */
    Set<Firing> alerts(String state) throws IOException {
        var alerts = new HashSet<Firing>();
        for (JsonNode alert : prometheus.get("/api/v1/alerts").at("/data/alerts")) {
            String name = alert.at("/labels/alertname").asText();
            if (alert.path("state").asText().equals(state) && !name.equals("Watchdog")) {
                alerts.add(new Firing(
                        name,
                        alert.at("/labels/service_id").asText(),
                        alert.at("/labels/severity").asText()));
            }
        }
        return alerts;
    }

    /** Names of targets that were scraped well. */
    Set<String> up() throws IOException {
        var up = new TreeSet<String>();
        for (JsonNode target : prometheus.get("/api/v1/targets?state=active").at("/data/activeTargets")) {
            if (target.path("health").asText().equals("up")) {
                up.add(target.path("scrapePool").asText());
            }
        }
        return up;
    }

    URI prometheus() {
        return URI.create("http://" + prometheus.address());
    }

    URI alertmanager() {
        return URI.create("http://" + alertmanager.address());
    }

    Sinks sinks() {
        return sinks;
    }

    /** Names of the alerts of incidents that are over. */
    Set<String> overcome() {
        try {
            return onCall.kept().stream()
                    .filter(incident -> incident.path("state").asText().equals("resolved"))
                    .flatMap(incident -> incident.path("alerts").valueStream())
                    .map(alert -> alert.path("alertname").asText())
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was told is kept beside the logs. */
    @Override
    public void close() {
        prometheus.close();
        alertmanager.close();
        onCall.close();
        try {
            Files.write(
                    folder.resolve("told.txt"),
                    sinks.all().stream()
                            .map(told -> told.at() + " " + told.to() + ": " + told.title())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sinks.close();
    }
}
