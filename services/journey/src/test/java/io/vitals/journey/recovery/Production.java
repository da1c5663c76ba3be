package io.vitals.journey.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How production archives a database, as gitops/data says it.
 *
 * @param archiveTimeout after which an open segment is archived
 * @param retentionDays for how long any second can be restored
 */
record Production(
        Duration archiveTimeout,
        String backupCompression,
        boolean immediateCheckpoint,
        String archiveCompression,
        int retentionDays) {
    private static final Path FOLDER = Tools.ROOT.resolve("gitops/data/health");

    static Production read() throws IOException {
        var yaml = new YAMLMapper();
        JsonNode cluster = yaml.readTree(FOLDER.resolve("base/cluster.yaml").toFile());
        JsonNode store = yaml.readTree(
                        FOLDER.resolve("components/backup/objectstore.yaml").toFile())
                .required("spec");
        JsonNode configuration = store.required("configuration");
        return new Production(
                Duration.parse("PT"
                        + cluster.at("/spec/postgresql/parameters")
                                .required("archive_timeout")
                                .asText()),
                configuration.at("/data/compression").asText(),
                configuration.at("/data/immediateCheckpoint").asBoolean(),
                configuration.at("/wal/compression").asText(),
                days(store.required("retentionPolicy").asText()));
    }

    private static int days(String policy) {
        if (!policy.matches("[0-9]{1,4}d")) {
            throw new IllegalArgumentException("retentionPolicy is not in days: " + policy);
        }
        return Integer.parseInt(policy.substring(0, policy.length() - 1));
    }

    /** As the plugin tells Barman the window. */
    String retentionPolicy() {
        return "RECOVERY WINDOW OF " + retentionDays + " DAYS";
    }

    List<String> backupOptions() {
        var options = new ArrayList<>(List.of("--" + backupCompression));
        if (immediateCheckpoint) {
            options.add("--immediate-checkpoint");
        }
        return options;
    }

    List<String> archiveOptions() {
        return List.of("--" + archiveCompression);
    }
}
