package io.vitals.health.access;

import io.vitals.kit.outbound.OutboundClient;
import io.vitals.kit.outbound.OutboundException;
import io.vitals.kit.outbound.OutboundRequest;
import io.vitals.kit.outbound.OutboundResponse;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * One bounded client per origin that the issuer's discovery document names: an issuer may keep its end points on
 * several hosts. A document that names more than a handful is refused.
 */
final class OutboundIssuerTransport implements IssuerTransport, AutoCloseable {
    private static final int MOST_ORIGINS = 4;

    private final Function<URI, OutboundClient> clients;
    private final Map<URI, OutboundClient> byOrigin = new ConcurrentHashMap<>();

    OutboundIssuerTransport(Function<URI, OutboundClient> clients) {
        this.clients = clients;
    }

    @Override
    public Answer get(URI uri) {
        return send(uri, OutboundRequest.get("issuer-read", uri.getPath()));
    }

    @Override
    public Answer post(URI uri, Map<String, String> headers, String form) {
        OutboundRequest request = OutboundRequest.post("issuer-token", uri.getPath())
                .body(form.getBytes(StandardCharsets.UTF_8), "application/x-www-form-urlencoded");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            request = request.header(header.getKey(), header.getValue());
        }
        return send(uri, request);
    }

    private Answer send(URI uri, OutboundRequest request) {
        try {
            OutboundResponse response = client(uri).send(request);
            return new Answer(
                    response.status(),
                    response.header("content-type").orElse(""),
                    new String(response.body(), StandardCharsets.UTF_8));
        } catch (OutboundException e) {
            throw new IssuerUnavailableException("issuer: " + e.kind(), e);
        }
    }

    private OutboundClient client(URI uri) {
        URI origin = uri.resolve("/");
        OutboundClient known = byOrigin.get(origin);
        if (known != null) {
            return known;
        }
        if (byOrigin.size() >= MOST_ORIGINS) {
            throw new IssuerUnavailableException("the issuer names too many hosts", null);
        }
        return byOrigin.computeIfAbsent(origin, clients);
    }

    @Override
    public void close() {
        byOrigin.values().forEach(OutboundClient::close);
    }
}
