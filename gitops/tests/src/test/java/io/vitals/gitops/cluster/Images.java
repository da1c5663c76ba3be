package io.vitals.gitops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.gitops.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Images of the services, and others made of them: the same files, with another configuration and so another digest. */
final class Images {
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Images() {}

    /** An image that the cluster has. */
    record Image(String digest) {}

    /** A release that does the same as the one that {@code make images} built. */
    static Image next(String service, String label) {
        return derived(service, config -> config.withObject("/Labels").put("vitals.io/rehearsal", label));
    }

    /** A release whose migration is well, and which ends as soon as it starts to serve. */
    static Image crashing(String service, String label) {
        return derived(service, config -> {
            config.withObject("/Labels").put("vitals.io/rehearsal", label);
            config.putArray("Cmd").add("no-such-command");
        });
    }

    /** A release of which nothing starts, its migration neither. */
    static Image broken(String service, String label) {
        return derived(service, config -> {
            config.withObject("/Labels").put("vitals.io/rehearsal", label);
            config.putArray("Entrypoint").add("/opt/java/bin/java").add("-no-such-option");
        });
    }

    private static Image derived(String service, Consumer<ObjectNode> change) {
        try {
            Path folder = Files.createTempDirectory(Cluster.state(), "image");
            try {
                Path from = Program.ROOT.resolve("services/" + service + "/target/jib-image.tar");
                Program.run(folder, "tar", "--extract", "--file", from.toString())
                        .orThrow();
                JsonNode config = JSON.readTree(folder.resolve("config.json").toFile());
                change.accept((ObjectNode) config.path("config"));
                JSON.writeValue(folder.resolve("config.json").toFile(), config);
                String name = "docker.io/vitals/" + service + ":rehearsal";
                JsonNode manifest =
                        JSON.readTree(folder.resolve("manifest.json").toFile());
                ((ObjectNode) manifest.get(0)).putArray("RepoTags").add(name);
                JSON.writeValue(folder.resolve("manifest.json").toFile(), manifest);
                Path tar = folder.resolve("image.tar");
                Program.run(folder, "sh", "-c", "tar --create --file image.tar config.json manifest.json *.tar.gz")
                        .orThrow();
                Program.run(folder, "ctr", "--namespace", "k8s.io", "images", "import", tar.toString())
                        .orThrow();
                var found = DIGEST.matcher(
                        Program.run(folder, "ctr", "--namespace", "k8s.io", "images", "ls", "name==" + name)
                                .orThrow());
                if (!found.find()) {
                    throw new IllegalStateException(name + " has no digest");
                }
                String digest = found.group();
                Program.run(
                                folder,
                                "ctr",
                                "--namespace",
                                "k8s.io",
                                "images",
                                "tag",
                                "--force",
                                name,
                                "registry.example/vitals/" + service + "@" + digest)
                        .orThrow();
                return new Image(digest);
            } finally {
                Program.run(Cluster.state(), "rm", "-r", folder.toString()).orThrow();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
