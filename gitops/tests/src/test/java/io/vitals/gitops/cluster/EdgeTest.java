package io.vitals.gitops.cluster;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

import static io.vitals.gitops.cluster.Outside.NEIGHBOUR;
import static io.vitals.gitops.cluster.Outside.PRIVATE;
import static io.vitals.gitops.cluster.Outside.STRANGER;
import static io.vitals.gitops.cluster.Outside.WORLD;
import static org.assertj.core.api.Assertions.assertThat;

/** What the edge does to requests from outside: Envoy itself, told by Envoy Gateway what the tree says. Beside each refusal, what is let in. */
@Scenario
class EdgeTest {
    private static final String HOST = "app.vitals.localhost";
    private static final String PAGE = "https://" + HOST + "/";
    private static final String PREVIEW = "https://health-api.preview.vitals.localhost/openapi";
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int MEBIBYTE = 1 << 20;
    /** Forged words of who asks: an address of the private network, in every header that some proxy believes. */
    private static final String[] AS_PRIVATE = {
        "--header", "X-Forwarded-For: " + PRIVATE.address(),
        "--header", "X-Real-IP: " + PRIVATE.address(),
        "--header", "X-Client-IP: " + PRIVATE.address(),
        "--header", "True-Client-IP: " + PRIVATE.address(),
        "--header", "X-Envoy-External-Address: " + PRIVATE.address(),
        "--header", "Forwarded: for=" + PRIVATE.address()
    };

    @BeforeAll
    static void theEdgeAnswers() {
        Cluster.awaitSettled("edge", LIMIT);
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(WORLD.ask(PAGE).status()).isEqualTo(200));
    }

    @Test
    void plainHttpIsSentToHttpsAndNowhereElse() {
        var answer = WORLD.ask("http://" + HOST + "/days?from=2026-11-01");
        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.header("location")).isEqualTo("https://" + HOST + "/days?from=2026-11-01");
        assertThat(WORLD.ask("http://" + HOST + "/webhooks/whoop", "--data", "{}")
                        .status())
                .isEqualTo(301);
        assertThat(WORLD.ask(PAGE).status()).isEqualTo(200);
    }

    @ParameterizedTest(name = "TLS {0} is refused")
    @CsvSource({"1.0, tls1", "1.1, tls1_1"})
    void olderTlsIsRefused(String version, String server, @TempDir Path folder) throws Exception {
        String[] old = {"--tlsv" + version, "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0"};
        var refused = WORLD.ask(PAGE, old);
        assertThat(refused.status()).isZero();
        assertThat(refused.error()).contains("alert protocol version");
        // The client is able to: one that takes it answers.
        Path pki = Cluster.state().resolve("pki");
        Process other = Outside.process(
                        "openssl",
                        "s_server",
                        "-" + server,
                        "-cipher",
                        "DEFAULT@SECLEVEL=0",
                        "-accept",
                        "203.0.113.11:8443",
                        "-www",
                        "-cert",
                        pki.resolve("edge.crt").toString(),
                        "-key",
                        pki.resolve("edge.key").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s_server.log").toFile())
                .start();
        try {
            Cluster.within(Duration.ofSeconds(20)).untilAsserted(() -> {
                String[] direct = {"--connect-to", "::203.0.113.11:8443"};
                var answer = WORLD.ask("https://" + HOST + ":8443/", concat(old, direct));
                assertThat(answer.status()).as(answer.error()).isEqualTo(200);
            });
        } finally {
            other.destroy();
            other.waitFor();
        }
    }

    @ParameterizedTest(name = "TLS {0} is taken")
    @ValueSource(strings = {"1.2", "1.3"})
    void newerTlsIsTaken(String version) {
        var answer = WORLD.ask(PAGE, "--tlsv" + version, "--tls-max", version);
        assertThat(answer.status()).as(answer.error()).isEqualTo(200);
    }

    @Test
    void everyAnswerSaysHowItIsToBeTreated() {
        // Of the service, of what it has not, and of the edge itself for two reasons.
        var answers = Map.of(
                200, WORLD.ask(PAGE),
                404, WORLD.ask(PAGE + "no-such-page"),
                403, WORLD.ask(PREVIEW),
                400, WORLD.ask(PAGE + "webhooks%2Fwhoop"));
        assertThat(answers).allSatisfy((status, answer) -> {
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("strict-transport-security"))
                    .as("of %d", status)
                    .isEqualTo("max-age=63072000; includeSubDomains");
            assertThat(answer.header("x-content-type-options"))
                    .as("of %d", status)
                    .isEqualTo("nosniff");
            assertThat(answer.header("x-frame-options")).as("of %d", status).isEqualTo("DENY");
            assertThat(answer.header("referrer-policy")).as("of %d", status).isEqualTo("no-referrer");
            assertThat(answer.headers())
                    .as("of %d", status)
                    .doesNotContainKeys("server", "x-envoy-upstream-service-time");
        });
    }

    @Test
    void whoFloodsIsStoppedAndOthersAreNot() throws Exception {
        try (var side = Executors.newVirtualThreadPerTaskExecutor()) {
            var flood = CompletableFuture.supplyAsync(
                    () -> untilStopped(() -> WORLD.flood(PAGE + "assets/none?[1-1000]")), side);
            int others = 0;
            do {
                assertThat(NEIGHBOUR.ask(PAGE).status()).isEqualTo(200);
                others++;
            } while (!flood.isDone());
            ScenarioTable.figure("flood", flood.get());
            ScenarioTable.figure("others meanwhile", others + " of " + others);
        }
        Cluster.within(LIMIT)
                .untilAsserted(() -> assertThat(WORLD.ask(PAGE).status()).isEqualTo(200));
    }

    @Test
    void anAddressOfOnesOwnChoiceIsNoWayAroundTheLimit() {
        untilStopped(() -> WORLD.floodAsMany(PAGE + "assets/none?[1-4]"));
        // For the service too it is one client, whose wrong tokens are counted, whatever it calls itself.
        String[] token = {"--header", "Authorization: Bearer none"};
        Cluster.within(LIMIT)
                .until(
                        () -> STRANGER.floodAsMany(PAGE + "api/v1/me", token),
                        answers -> answers.containsKey("429 application/problem+json"));
        assertThat(NEIGHBOUR.ask(PAGE + "api/v1/me", token).status()).isEqualTo(401);
    }

    @Test
    void aLargeBodyEndsAtTheEdge(@TempDir Path folder) throws IOException {
        var large = post(folder, MEBIBYTE + 1);
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.contentType()).isEqualTo("text/plain");
        // The service gets what is smaller, and says so in its own words.
        assertThat(post(folder, MEBIBYTE - 1).contentType()).isEqualTo("application/problem+json");
        var small = post(folder, 100);
        assertThat(small.status()).isEqualTo(401);
        assertThat(small.contentType()).isEqualTo("application/problem+json");
    }

    /** No route of the tree is of the listener for admins yet: one of ours for as long as this takes. */
    @Test
    void adminHostsAreForThePrivateNetworkAlone() {
        String host = "https://health-api.admin.vitals.localhost/openapi";
        var route = Cluster.client().resource("""
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: admin-rehearsal, namespace: health-api-dev}
                        spec:
                          hostnames: [health-api.admin.vitals.localhost]
                          parentRefs: [{name: public, namespace: edge, sectionName: admin}]
                          rules: [{backendRefs: [{name: health-api, port: 8080}]}]
                        """);
        route.serverSideApply();
        try {
            Cluster.within(LIMIT)
                    .untilAsserted(() -> assertThat(PRIVATE.ask(host).status()).isEqualTo(200));
            assertThat(WORLD.ask(host).status()).isEqualTo(403);
            assertThat(WORLD.ask(host, AS_PRIVATE).status()).isEqualTo(403);
        } finally {
            route.delete();
        }
    }

    @Test
    void thePreviewIsForThePrivateNetworkAlone() {
        assertThat(PRIVATE.ask(PREVIEW).status()).isEqualTo(200);
        assertThat(WORLD.ask(PREVIEW).status()).isEqualTo(403);
    }

    @ParameterizedTest(name = "X-Forwarded-For: {0} is not looked at")
    @ValueSource(strings = {"198.51.100.7", "10.89.0.50", "10.89.0.50, 10.89.0.51"})
    void whatSomebodySaysOfOneselfIsNotLookedAt(String forwarded) {
        String[] header = {"--header", "X-Forwarded-For: " + forwarded};
        assertThat(WORLD.ask(PREVIEW, header).status()).isEqualTo(403);
        assertThat(PRIVATE.ask(PREVIEW, header).status()).isEqualTo(200);
    }

    @Test
    void noOtherHeaderOpensThePreviewEither() {
        assertThat(WORLD.ask(PREVIEW, AS_PRIVATE).status()).isEqualTo(403);
        assertThat(PRIVATE.ask(PREVIEW, AS_PRIVATE).status()).isEqualTo(200);
    }

    /** By a connection that was opened for another name. */
    @Test
    void thePreviewIsNotReachedThroughThePublicName() {
        String[] asPreview = {"--header", "Host: health-api.preview.vitals.localhost"};
        assertThat(WORLD.ask(PAGE + "openapi", asPreview).status()).isEqualTo(404);
        assertThat(PRIVATE.ask(PAGE + "openapi", asPreview).status()).isEqualTo(404);
        assertThat(WORLD.ask(PAGE + "openapi").status()).isEqualTo(200);
    }

    @Test
    void anUnknownHostIsRefused() {
        // A name of nobody's, which the certificate is not of either.
        assertThat(WORLD.ask("https://app.elsewhere.example/", "--insecure").status())
                .isZero();
        assertThat(WORLD.ask("https://192.0.2.80/", "--insecure").status()).isZero();
        assertThat(WORLD.ask("https://other.vitals.localhost/").status()).isEqualTo(404);
        assertThat(WORLD.ask(PAGE, "--header", "Host: app.elsewhere.example").status())
                .isEqualTo(404);
        assertThat(WORLD.ask(PAGE, "--insecure").status()).isEqualTo(200);
    }

    @Test
    void whatTwoCouldReadDifferentlyIsRefused() {
        var hidden = WORLD.ask(PAGE + "webhooks%2Fwhoop");
        assertThat(hidden.status()).as(hidden.error()).isEqualTo(400);
        var underscores = WORLD.ask(PAGE, "--http1.1", "--header", "x_forwarded_for: 10.89.0.50");
        assertThat(underscores.status()).as(underscores.error()).isEqualTo(400);
        assertThat(WORLD.ask(PAGE, "--http1.1", "--header", "x-forwarded-for: 10.89.0.50")
                        .status())
                .isEqualTo(200);
    }

    /** Until the edge itself says that it is too much; how often each answer came. */
    private static Map<String, Integer> untilStopped(Callable<Map<String, Integer>> flood) {
        return Cluster.within(LIMIT).until(flood, answers -> answers.containsKey("429 text/plain"));
    }

    private static Outside.Answer post(Path folder, int size) throws IOException {
        Path body = folder.resolve(size + ".json");
        try (var file = new RandomAccessFile(body.toFile(), "rw")) {
            file.setLength(size);
        }
        return WORLD.ask(
                PAGE + "api/v1/webhooks/sahha",
                "--header",
                "Content-Type: application/json",
                "--data-binary",
                "@" + body);
    }

    private static String[] concat(String[] first, String[] second) {
        return java.util.stream.Stream.of(first, second)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
