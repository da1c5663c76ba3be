package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.journey.stack.Part;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real Alertmanager that tells nobody: what reached it is asked for. */
final class Alerts implements AutoCloseable {
    private final Part process;

    Alerts(Path folder) throws IOException {
        Path config = folder.resolve("alertmanager.yaml");
        Files.writeString(config, "receivers: [{name: none}]\nroute: {receiver: none}\n");
        process = Part.alertmanager(folder, config);
    }

    URI address() {
        return URI.create("http://" + process.address());
    }

    /** The alerts that are not over. */
    JsonNode active() throws IOException {
        return process.get("/api/v2/alerts?active=true");
    }

    @Override
    public void close() {
        process.close();
    }
}
