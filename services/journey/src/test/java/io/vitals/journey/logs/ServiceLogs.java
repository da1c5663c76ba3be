package io.vitals.journey.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vitals.journey.process.MemberSession;
import io.vitals.sandbox.launcher.Stack;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the two services wrote about what really happened to them. */
final class ServiceLogs {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PERSON = 3;

    private final Stack stack;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> lastWords = new ArrayList<>();

    ServiceLogs(Stack stack) {
        this.stack = stack;
    }

    /** Makes things happen that each leave lines: sign-ins that fail, forged events, a database that is gone. */
    void makeHistory() throws IOException, InterruptedException {
        MemberSession jonas = MemberSession.signIn(stack, "jonas");
        jonas.connect(PERSON);
        await().atMost(PATIENCE.multipliedBy(3)).until(jonas::isCurrent);
        jonas.disconnect();
        assertThat(status(HttpRequest.newBuilder(stack.pageUrl().resolve("/auth/callback?state=never&code=begun"))))
                .isLessThan(500);
        assertThat(MemberSession.signIn(stack, "ada").get("/api/v1/admin/links").status())
                .isEqualTo(403);
        assertThat(status(HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + stack.ports().whoopPublic() + "/webhooks/whoop"))
                        .header("Content-Type", "application/json")
                        .header("X-WHOOP-Signature", "bm90IGEgc2lnbmF0dXJl")
                        .header("X-WHOOP-Signature-Timestamp", Long.toString(System.currentTimeMillis()))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))))
                .isEqualTo(401);
        stack.postgres().kill();
        try {
            await("both say that something fails")
                    .atMost(PATIENCE)
                    .until(() -> !find("whoop-service", error()).isEmpty());
        } finally {
            stack.postgres().startAgain();
        }
        stack.healthApi().awaitReady(PATIENCE);
        stack.whoopService().awaitReady(PATIENCE);
        lastWords.addAll(outOfMemory());
    }

    /** A whoop-service with a heap that is too small for it. */
    private static List<String> outOfMemory() throws IOException, InterruptedException {
        Path log = Path.of("target", "out-of-memory.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xmx6m",
                        "-jar",
                        Path.of("..", "whoop-service", "target", "whoop-service.jar")
                                .toString(),
                        "serve")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor(PATIENCE)).isTrue();
        return Files.readAllLines(log);
    }

    private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    List<String> all(String service) throws IOException {
        Path log = (service.equals("health-api") ? stack.healthApi() : stack.whoopService()).log();
        return Stream.concat(
                        Files.readAllLines(log).stream(),
                        service.equals("whoop-service") ? lastWords.stream() : Stream.of())
                .toList();
    }

    List<String> find(String service, Predicate<String> which) throws IOException {
        return all(service).stream().filter(which).toList();
    }

    static Predicate<String> event(String event) {
        return line -> line.contains("\"event\":\"" + event + "\"");
    }

    static Predicate<String> error() {
        return line -> line.contains("\"level\":\"ERROR\"");
    }

    static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }
}
