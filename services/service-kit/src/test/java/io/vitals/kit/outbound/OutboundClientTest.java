package io.vitals.kit.outbound;

import com.google.crypto.tink.subtle.Ed25519Sign;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import io.helidon.tracing.Tracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import io.vitals.kit.json.Json;
import io.vitals.kit.signing.RequestSigner;
import io.vitals.kit.signing.RequestVerifier;
import io.vitals.kit.signing.SignatureFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OutboundClientTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final OutboundRequest PLAIN = OutboundRequest.get("plain", "/plain");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private OctetKeyPair key;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        key = newKey();
        RequestVerifier verifier = RequestVerifier.fromJwkSet(
                Secret.of("{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}"),
                (nonce, expires) -> nonces.add(nonce),
                Clock.systemUTC());
        server = HttpServer.builder(HttpSettings.defaults(), registry, Tracer.noOp(), RANDOM)
                .listener(
                        "open",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.ofKibibytes(64),
                        routes -> routes.get("/redirect", (request, response) -> Replies.seeOther(response, "/large"))
                                .get("/large", (request, response) -> Replies.json(response, 200, new byte[5000]))
                                .get("/silent", (request, response) -> Thread.sleep(3000)))
                .listener(
                        "signed",
                        new ListenerSettings("127.0.0.1", 0),
                        DataSize.ofKibibytes(64),
                        routes -> routes.filter(new SignatureFilter(verifier, registry))
                                .post(
                                        "/echo/{id}",
                                        (request, response) -> Replies.json(
                                                response,
                                                200,
                                                Map.of(
                                                        "q",
                                                        request.query()
                                                                .first("q")
                                                                .orElse(""),
                                                        "body",
                                                        new String(Bodies.read(request), StandardCharsets.UTF_8))))
                                .get("/plain", (request, response) -> Replies.empty(response, 204)))
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aSignedCallArrivesWithItsQueryAndBody() throws Exception {
        try (OutboundClient client = signed(key, Clock.systemUTC())) {
            OutboundResponse response = client.send(OutboundRequest.post("echo", "/echo/7")
                    .query("q", "a b&c=d/é")
                    .body("{\"x\":1}".getBytes(StandardCharsets.UTF_8), "application/json"));
            assertThat(response.status()).isEqualTo(200);
            assertThat(Json.tree(response.body()).path("q").asText()).isEqualTo("a b&c=d/é");
            assertThat(Json.tree(response.body()).path("body").asText()).isEqualTo("{\"x\":1}");
            assertThat(client.send(PLAIN).status()).isEqualTo(204);
        }
    }

    @Test
    void theQueryIsSignedInTheOrderInWhichItIsSent() {
        // Maps of different sizes order the same names differently; of these, every two or more meet in some map.
        List<String> names = List.of("state", "after", "limit", "from", "to", "types", "cursor", "wait", "trace");
        try (OutboundClient client = signed(key, Clock.systemUTC())) {
            for (int mask = 1; mask < 1 << names.size(); mask++) {
                OutboundRequest request = PLAIN;
                for (int i = 0; i < names.size(); i++) {
                    request = (mask & 1 << i) == 0 ? request : request.query(names.get(i), "v " + i);
                }
                assertThat(client.send(request).status())
                        .as("signed query %s", request.query())
                        .isEqualTo(204);
            }
        }
    }

    @Test
    void theBasesPathPrefixesEveryPathOnce() throws Exception {
        URI base = URI.create("http://127.0.0.1:" + server.port("signed") + "/echo/");
        try (OutboundClient client = OutboundClient.builder("peer", base)
                .signer(signer(key, Clock.systemUTC()))
                .build(registry, Tracer.noOp())) {
            OutboundResponse response =
                    client.send(OutboundRequest.post("echo", "/7").body(new byte[] {'x'}, "application/json"));
            assertThat(response.status()).isEqualTo(200);
        }
    }

    @Test
    void unsignedForgedAndOldCallsAreRefusedAndCounted() throws Exception {
        try (OutboundClient client = builder("signed").build(registry, Tracer.noOp())) {
            assertThat(client.send(PLAIN).status()).isEqualTo(401);
        }
        try (OutboundClient client = signed(newKey(), Clock.systemUTC())) {
            assertThat(client.send(PLAIN).status()).isEqualTo(401);
        }
        Clock past = Clock.fixed(Instant.now().minusSeconds(200), ZoneOffset.UTC);
        try (OutboundClient client = signed(key, past)) {
            assertThat(client.send(PLAIN).status()).isEqualTo(401);
        }
        assertThat(refused("missing")).isEqualTo(1);
        assertThat(refused("forged")).isEqualTo(1);
        assertThat(refused("expired")).isEqualTo(1);
    }

    @Test
    void aReplayedCallIsRefusedAndAChangedOneToo() {
        String authority = "127.0.0.1:" + server.port("signed");
        Map<String, String> headers =
                signer(key, Clock.systemUTC()).sign("GET", authority, "/plain", "", "", new byte[0], Map.of());
        try (OutboundClient client = builder("signed").build(registry, Tracer.noOp())) {
            assertThat(client.send(with(PLAIN, headers)).status()).isEqualTo(204);
            assertThat(client.send(with(PLAIN, headers)).status()).isEqualTo(401);
            assertThat(client.send(with(PLAIN, headers).query("q", "1")).status())
                    .isEqualTo(401);
            assertThat(client.send(with(OutboundRequest.post("echo", "/echo/1"), headers)
                                    .body(new byte[] {1}, "text/plain"))
                            .status())
                    .isEqualTo(401);
        }
        assertThat(refused("replayed")).isEqualTo(1);
        assertThat(refused("forged")).isEqualTo(1);
        assertThat(refused("body_changed")).isEqualTo(1);
    }

    @Test
    void redirectsAreAnswersAndNotFollowed() {
        try (OutboundClient client = builder("open").build(registry, Tracer.noOp())) {
            OutboundResponse response = client.send(OutboundRequest.get("redirect", "/redirect"));
            assertThat(response.status()).isEqualTo(303);
            assertThat(response.header("location")).contains("/large");
        }
    }

    @Test
    void anAnswerOverTheLimitIsRefused() {
        try (OutboundClient client = builder("open").maxBody(new DataSize(1000)).build(registry, Tracer.noOp())) {
            assertKind(client, "/large", OutboundException.Kind.TOO_LARGE);
        }
    }

    @Test
    void aSilentUpstreamEndsAtTheDeadline() {
        try (OutboundClient client =
                builder("open").deadline(Duration.ofMillis(300)).build(registry, Tracer.noOp())) {
            assertKind(client, "/silent", OutboundException.Kind.TIMEOUT);
        }
    }

    @Test
    void nobodyListeningIsToldApart() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        try (OutboundClient client = OutboundClient.builder("away", URI.create("http://127.0.0.1:" + port))
                .build(registry, Tracer.noOp())) {
            assertKind(client, "/x", OutboundException.Kind.CONNECT);
        }
    }

    @Test
    void anAnswerCutInTheMiddleIsAProtocolFault() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            Thread.ofVirtual().start(() -> cutAnswer(socket));
            try (OutboundClient client = OutboundClient.builder(
                            "cut", URI.create("http://127.0.0.1:" + socket.getLocalPort()))
                    .build(registry, Tracer.noOp())) {
                assertKind(client, "/x", OutboundException.Kind.PROTOCOL);
            }
        }
    }

    private static void cutAnswer(ServerSocket socket) {
        try (var connection = socket.accept();
                OutputStream out = connection.getOutputStream()) {
            assertThat(connection.getInputStream().read()).isPositive();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertKind(OutboundClient client, String path, OutboundException.Kind kind) {
        assertThatThrownBy(() -> client.send(OutboundRequest.get("test", path)))
                .isInstanceOfSatisfying(
                        OutboundException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    private static OutboundRequest with(OutboundRequest request, Map<String, String> headers) {
        OutboundRequest all = request;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            all = all.header(header.getKey(), header.getValue());
        }
        return all;
    }

    private double refused(String reason) {
        return registry.get("internal.calls.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private OutboundClient signed(OctetKeyPair pair, Clock clock) {
        return builder("signed").signer(signer(pair, clock)).build(registry, Tracer.noOp());
    }

    private static RequestSigner signer(OctetKeyPair pair, Clock clock) {
        return RequestSigner.fromJwk(Secret.of(pair.toJSONString()), clock, RANDOM);
    }

    private OutboundClient.Builder builder(String listener) {
        return OutboundClient.builder("peer", URI.create("http://127.0.0.1:" + server.port(listener)));
    }

    private static OctetKeyPair newKey() throws Exception {
        Ed25519Sign.KeyPair pair = Ed25519Sign.KeyPair.newKeyPair();
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(pair.getPublicKey()))
                .d(Base64URL.encode(pair.getPrivateKey()))
                .keyID("caller-1")
                .build();
    }
}
