package io.vitals.journey.drill;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.journey.oncall.OnCallProcess;
import io.vitals.journey.stack.Tools;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The configuration of Alertmanager, with sinks for what is outside, shorter waits, and always a time of business. */
final class AlertmanagerOverlay {
    private static final Pattern SECRETS = Pattern.compile("/etc/alertmanager/secrets/[a-z-]+/");
    private static final String ON_CALL = "http://on-call.monitoring.svc:8085/api/v1/notifications";
    private static final Path OURS = Tools.ROOT.resolve("monitoring/alertmanager");
    private static final JsonMapper JSON = new JsonMapper();

    private AlertmanagerOverlay() {}

    /** Writes it and the secrets that it names. */
    static Path write(Path folder, Sinks sinks, OnCallProcess onCall, Shorter shorter) throws IOException {
        for (var secret : Map.of(
                        "credential", Files.readString(onCall.credential()),
                        "heartbeat-url", sinks.url("/heartbeat"),
                        "slack-url", sinks.url("/slack"),
                        "sms-url", sinks.url("/sms"),
                        "smtp-password", Sinks.PASSWORD)
                .entrySet()) {
            Files.writeString(folder.resolve(secret.getKey()), secret.getValue());
        }
        ObjectNode config = read(OURS.resolve("alertmanager.yaml"));
        shorten((ObjectNode) config.path("route"), shorter);
        ((ObjectNode) config.path("global"))
                .put("smtp_smarthost", sinks.smarthost())
                // There is no certificate here.
                .put("smtp_require_tls", false);
        config.putArray("templates").add(OURS.resolve("templates/*.tmpl").toString());
        ((ObjectNode) config.at("/time_intervals/0"))
                .putArray("time_intervals")
                .addObject()
                .putArray("years")
                .add("2000:2999");
        // For Alertmanager JSON is YAML.
        return Files.writeString(
                folder.resolve("alertmanager.json"),
                SECRETS.matcher(JSON.writeValueAsString(config))
                        .replaceAll(folder + "/")
                        .replace(ON_CALL, onCall.notifications().toString()));
    }

    private static void shorten(ObjectNode route, Shorter shorter) {
        for (String field : List.of("group_wait", "group_interval", "repeat_interval")) {
            if (route.has(field)) {
                route.put(field, shorter.of(route.path(field).asText()));
            }
        }
        for (JsonNode below : route.path("routes")) {
            shorten((ObjectNode) below, shorter);
        }
    }

    /** With anchors and merges resolved, as Alertmanager does and Jackson does not. */
    private static ObjectNode read(Path file) throws IOException {
        Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        return JSON.valueToTree(JSON.convertValue(loaded, new TypeReference<Map<String, Object>>() {}));
    }
}
