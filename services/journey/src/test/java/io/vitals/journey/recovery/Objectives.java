package io.vitals.journey.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.time.Duration;

/**
 * What is promised of a restore; runbooks/objectives.yaml says why.
 *
 * @param lost after the loss of every instance and disk, by the archive alone
 * @param back until members are served again, for the first gibibyte
 * @param perGibibyte for each one more
 */
record Objectives(Duration lost, Duration back, Duration perGibibyte) {
    static Objectives read() throws IOException {
        JsonNode database = new YAMLMapper()
                .readTree(Tools.ROOT.resolve("runbooks/objectives.yaml").toFile())
                .at("/spec/databases/health");
        return new Objectives(
                duration(database, "dataLoss"),
                duration(database, "timeToRestore"),
                duration(database, "timeToRestorePerGibibyte"));
    }

    private static Duration duration(JsonNode database, String name) {
        return Duration.parse("PT" + database.required(name).asText().toUpperCase(java.util.Locale.ROOT));
    }
}
