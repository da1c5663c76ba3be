package io.vitals.journey.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.oncall.OnCallProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The image of on-call, run as its StatefulSet runs it: with that environment, those secrets and as much memory. */
@Tag("images")
class OnCallContainerTest {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final String CONTAINER = "vitals-test-on-call";
    private static final String CREDENTIAL = "credential-of-alertmanager-in-tests";
    private static final Pattern COMMAND = Pattern.compile("kubectl -n monitoring exec on-call-0 -- (.*)\n");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
                Files.createDirectory(folder.resolve("incidents")), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(folder.resolve("credential"), CREDENTIAL);
        Files.writeString(folder.resolve("key"), "key-of-whoever-answers-pages-in-tests");

        Engine.docker(
                "load",
                "--quiet",
                "--input",
                Path.of("../on-call/target/jib-image.tar").toAbsolutePath().toString());
        JsonNode pod = new YAMLMapper()
                .readTree(Engine.REPOSITORY
                        .resolve("gitops/platform/on-call/extras/statefulset.yaml")
                        .toFile())
                .at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        var command =
                new ArrayList<>(List.of("run", "--detach", "--name", CONTAINER, "--read-only", "--cap-drop", "ALL"));
        command.addAll(List.of("--user", pod.at("/securityContext/runAsUser").asText()));
        // Docker's m is Kubernetes' Mi.
        command.addAll(List.of(
                "--memory", container.at("/resources/limits/memory").asText().replace("Mi", "m")));
        container
                .path("env")
                .forEach(variable -> command.addAll(List.of(
                        "--env",
                        variable.path("name").asText() + "="
                                + variable.path("value").asText())));
        container.path("volumeMounts").forEach(mount -> command.addAll(volume(mount)));
        command.add("vitals/on-call:0.1.0");
        Engine.docker(command.toArray(String[]::new));
        ready();
    }

    private List<String> volume(JsonNode mount) {
        String path = mount.path("mountPath").asText();
        return switch (mount.path("name").asText()) {
            case "acknowledgements" -> List.of("--volume", folder.resolve("key") + ":" + path + "/key:ro");
            case "incidents" -> List.of("--volume", folder.resolve("incidents") + ":" + path);
            case "notifications" -> List.of("--volume", folder.resolve("credential") + ":" + path + "/credential:ro");
            case "tmp" -> List.of("--tmpfs", path);
            default -> throw new AssertionError("what is mounted on " + path + "?");
        };
    }

    private static void ready() {
        await("on-call is ready")
                .atMost(LONGEST)
                .failFast(
                        () -> assertThat(Engine.state(CONTAINER).path("Running").asBoolean())
                                .as(() -> "runs; said: " + Engine.docker("logs", CONTAINER))
                                .isTrue())
                .until(() -> Engine.answersWell(Engine.address(CONTAINER), 9095, "/health/ready"));
    }

    @AfterEach
    void remove() {
        Engine.docker("rm", "--force", CONTAINER);
        http.close();
    }

    @Test
    void itKeepsAnIncidentThroughAKillAndTakesTheDocumentedAcknowledgement() throws Exception {
        String incident = page();
        Engine.docker("kill", CONTAINER);
        Engine.docker("start", CONTAINER);
        ready();
        assertThat(page()).isEqualTo(incident);

        var documented = COMMAND.matcher(Files.readString(Engine.REPOSITORY.resolve("docs/monitoring/on-call.md")));
        assertThat(documented.find()).isTrue();
        var command = new ArrayList<>(List.of("exec", CONTAINER));
        command.addAll(List.of(documented.group(1).split(" ", -1)));
        assertThat(Engine.docker(command.toArray(String[]::new)).out())
                .contains(incident + ": acknowledged by primary");
        assertThat(Engine.state(CONTAINER).path("OOMKilled").asBoolean()).isFalse();
    }

    /** The incident of a page for the service that the document names. */
    private String page() throws IOException, InterruptedException {
        return OnCallProcess.page(
                http,
                URI.create("http://" + Engine.address(CONTAINER).getHostAddress() + ":8085/api/v1/notifications"),
                CREDENTIAL,
                "group");
    }
}
