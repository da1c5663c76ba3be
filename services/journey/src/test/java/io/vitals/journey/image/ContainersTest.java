package io.vitals.journey.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.image.Engine.Ended;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The images, run as compose.yaml runs them: read-only, without a capability, with 512 MiB and half a core each. */
@Tag("images")
class ContainersTest {
    private static final URI EDGE = URI.create("http://127.0.0.1:8080");
    private static final List<String> SERVICES =
            List.of("whoop-service-1", "whoop-service-2", "health-api-1", "health-api-2");
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String ANYBODY = "vitals-test-anybody";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Composed composed;

    @BeforeAll
    static void up() {
        composed = Composed.up();
    }

    @AfterAll
    static void down() {
        composed.close();
    }

    @Test
    void aJourneyPassesAndNoRequestFailsWhileAReplicaOfEachServiceIsKilled() {
        try (Readers readers = new Readers(EDGE, 4)) {
            awaitAnswers(readers, 20);
            composed.kill("whoop-service-2");
            composed.kill("health-api-2");
            Ended journey = composed.journey();
            composed.start("whoop-service-2", "health-api-2");
            awaitAnswers(readers, 20);

            assertThat(journey.out() + journey.err()).contains("passed, 0 failed");
            assertThat(journey.code()).as(journey.out()).isZero();
            assertThat(readers.failures()).isEmpty();
        }
    }

    @Test
    void aReplicaThatIsStoppedUnderLoadEndsWithZeroAndNoRequestFails() {
        try (Readers readers = new Readers(EDGE, 4)) {
            awaitAnswers(readers, 20);

            CompletableFuture<Integer> whoop = CompletableFuture.supplyAsync(() -> composed.stop("whoop-service-1"));
            assertThat(composed.stop("health-api-1")).as("exit code on SIGTERM").isZero();
            assertThat(whoop.join()).as("exit code on SIGTERM").isZero();
            awaitAnswers(readers, 20);
            composed.start("health-api-1", "whoop-service-1");

            assertThat(readers.failures()).isEmpty();
        }
    }

    @Test
    void withoutAnyReplicaRequestsFail() {
        // What the two tests above see when the other replica is not there: they can fail.
        composed.pause("health-api-1", "health-api-2");
        try (Readers readers = new Readers(EDGE, 1)) {
            await().atMost(SOON).until(() -> !readers.failures().isEmpty());
        } finally {
            composed.unpause("health-api-1", "health-api-2");
        }
    }

    @Test
    void logsAreLinesOfJsonOnStandardOutputOnly() {
        for (String service : SERVICES) {
            Ended logs = composed.logs(service);
            assertThat(logs.err()).as("standard error of " + service).isEmpty();
            assertThat(logs.out().lines()).isNotEmpty().allSatisfy(line -> {
                JsonNode entry = JSON.readTree(line);
                assertThat(entry.path("service").asText() + "-").as(line).isSubstringOf(service);
                assertThat(entry.has("event")).as(line).isTrue();
            });
        }
    }

    @Test
    void hugeBodiesAndThousandsOfConnectionsAreShedAndNothingIsKilled() throws Exception {
        InetAddress service = Engine.address(composed.container("health-api-1"));
        List<Socket> open = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 10_000; i++) {
                Socket socket = new Socket();
                try {
                    socket.connect(new InetSocketAddress(service, 8080), 1_000);
                    open.add(socket);
                } catch (IOException e) {
                    // Refused or not taken in time: shed.
                    socket.close();
                    if (open.size() > 500) {
                        break;
                    }
                }
            }
            for (int i = 0; i < 8; i++) {
                HttpRequest huge = HttpRequest.newBuilder(
                                URI.create("http://" + service.getHostAddress() + ":8080/api/v1/me/consent"))
                        .timeout(Duration.ofSeconds(20))
                        .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new Zeros(300L << 20)))
                        .build();
                try {
                    assertThat(http.send(huge, BodyHandlers.discarding()).statusCode())
                            .isBetween(400, 503);
                } catch (IOException e) {
                    // Cut while it was sent: shed as well.
                    assertThat(e).isNotNull();
                }
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        JsonNode state = Engine.state(composed.container("health-api-1"));
        assertThat(state.path("OOMKilled").asBoolean())
                .as("killed for its memory")
                .isFalse();
        assertThat(state.path("Running").asBoolean()).as("runs").isTrue();
        await().atMost(SOON).until(() -> served(service));
    }

    @Test
    void aServiceStartsAndServesAsAUserThatNobodyKnows(@TempDir Path mine) throws Exception {
        // Secrets are for the usual user alone, so this one gets copies of its own.
        Path secrets = Files.createDirectory(mine.resolve("secrets"));
        Path audit = Files.createDirectory(mine.resolve("audit"));
        Engine.docker("cp", composed.container("health-api-1") + ":/run/vitals/health-api/.", secrets.toString());
        try (Stream<Path> copies = Files.list(secrets)) {
            for (Path copy : copies.toList()) {
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
        Files.setPosixFilePermissions(mine, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(audit, PosixFilePermissions.fromString("rwxrwxrwx"));
        // By a file and not by options: docker-compose 1.29 mounts now one and now the other of two volumes for one
        // folder.
        Path other = Files.writeString(mine.resolve("compose.yaml"), """
                services:
                  health-api-1:
                    user: "54321:54321"
                    volumes: ["%s:/run/vitals/health-api:ro", "%s:/var/lib/vitals/audit"]
                """.formatted(secrets, audit));
        Ended started = composed.compose(
                "--file",
                "compose.yaml",
                "--file",
                other.toString(),
                "run",
                "--detach",
                "--no-deps",
                "--name",
                ANYBODY,
                "health-api-1");
        assertThat(started.code()).as(started.err()).isZero();
        try {
            InetAddress address = Engine.address(ANYBODY);
            await().atMost(Duration.ofMinutes(2))
                    .failFast(() -> assertThat(
                                    Engine.state(ANYBODY).path("Running").asBoolean())
                            .as(() -> "runs; said: " + Engine.docker("logs", "--tail", "30", ANYBODY))
                            .isTrue())
                    .until(() -> served(address));
            assertThat(Engine.docker("top", ANYBODY, "-eo", "pid,uid").out())
                    .as("process and user")
                    .contains("54321");
        } finally {
            Engine.docker("rm", "--force", ANYBODY);
        }
    }

    private static void awaitAnswers(Readers readers, int more) {
        int before = readers.answers();
        await().atMost(SOON).until(() -> readers.answers() >= before + more);
    }

    private static boolean served(InetAddress address) {
        return Engine.answersWell(address, 8080, "/openapi");
    }

    /** So many zeros. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int now = (int) Math.min(left, length);
            left -= now;
            return now;
        }
    }
}
