package io.vitals.health.testing;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.http.ServerRequest;

import java.lang.reflect.Proxy;

/** Requests as far as their headers and query go, without a server. */
public final class Requests {
    private Requests() {}

    /** With this raw query, encoded or not. */
    public static ServerRequest query(String raw) {
        return request(UriQuery.create(raw), ServerRequestHeaders.create());
    }

    public static ServerRequest header(String name, String value) {
        WritableHeaders<?> headers = WritableHeaders.create();
        headers.add(HeaderNames.create(name), value);
        return request(UriQuery.create(""), ServerRequestHeaders.create(headers));
    }

    private static ServerRequest request(UriQuery query, ServerRequestHeaders headers) {
        return (ServerRequest) Proxy.newProxyInstance(
                Requests.class.getClassLoader(),
                new Class<?>[] {ServerRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "query" -> query;
                    case "headers" -> headers;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
