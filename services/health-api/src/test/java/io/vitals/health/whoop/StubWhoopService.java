package io.vitals.health.whoop;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import io.helidon.tracing.Tracer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vitals.kit.config.DataSize;
import io.vitals.kit.config.ListenerSettings;
import io.vitals.kit.config.Secret;
import io.vitals.kit.http.Bodies;
import io.vitals.kit.http.HttpServer;
import io.vitals.kit.http.HttpSettings;
import io.vitals.kit.http.Replies;
import io.vitals.kit.http.Routes;
import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.signing.RequestSigner;
import io.vitals.kit.signing.RequestVerifier;
import io.vitals.kit.signing.SignatureFilter;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/** Answers on the internal API as it is told to, verifies the signature as whoop-service does, and remembers what it was asked last. */
final class StubWhoopService implements AutoCloseable {
    /** A request; the body is empty if there was none. */
    record Asked(String method, String target, String body) {}

    private final HttpServer server;
    private final OutboundClient client;
    private volatile int status = 200;
    private volatile String body = "{}";
    private volatile Asked asked = new Asked("", "", "");

    StubWhoopService(Consumer<Routes> routes) throws JOSEException {
        SecureRandom random = new SecureRandom();
        OctetKeyPair key =
                new OctetKeyPairGenerator(Curve.Ed25519).keyID("health-api").generate();
        RequestVerifier verifier = RequestVerifier.fromJwkSet(
                Secret.of(new JWKSet(key.toPublicJWK()).toString()), (nonce, expires) -> true, Clock.systemUTC());
        server = HttpServer.builder(HttpSettings.defaults(), new SimpleMeterRegistry(), Tracer.noOp(), random)
                .listener("internal", new ListenerSettings("127.0.0.1", 0), DataSize.parse("64KiB"), listener -> {
                    listener.filter(new SignatureFilter(verifier, new SimpleMeterRegistry()));
                    routes.accept(listener);
                })
                .build()
                .start();
        client = HttpWhoopService.client("whoop-service", URI.create("http://127.0.0.1:" + server.port("internal")))
                .deadline(Duration.ofSeconds(5))
                .signer(RequestSigner.fromJwk(Secret.of(key.toJSONString()), Clock.systemUTC(), random))
                .build(new SimpleMeterRegistry(), Tracer.noOp());
    }

    OutboundClient client() {
        return client;
    }

    /** For its routes. */
    void answer(ServerRequest request, ServerResponse response) {
        String query = request.query().rawValue();
        asked = new Asked(
                request.prologue().method().text(),
                request.path().path() + (query.isEmpty() ? "" : "?" + query),
                new String(Bodies.read(request), StandardCharsets.UTF_8));
        Replies.json(response, status, body.getBytes(StandardCharsets.UTF_8));
    }

    /** What it answers from now on. */
    void will(int nextStatus, String nextBody) {
        status = nextStatus;
        body = nextBody;
    }

    void willRefuse(int nextStatus, String slug) {
        will(nextStatus, "{\"type\":\"urn:vitals:problem:" + slug + "\"}");
    }

    Asked asked() {
        return asked;
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
