package io.vitals.health.access;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/** Whether a browser's request comes from our own page: its {@code Origin} must be ours, exactly. */
final class OriginCheck {
    private final String own;

    OriginCheck(URI publicUrl) {
        int port = publicUrl.getPort();
        String scheme = publicUrl.getScheme().toLowerCase(Locale.ROOT);
        boolean usual = port == -1 || port == (scheme.equals("https") ? 443 : 80);
        this.own = scheme + "://" + publicUrl.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
    }

    /** Throws unless the request is harmless by its method or names our origin. */
    void require(ServerRequest request) {
        String method = request.prologue().method().text();
        if (method.equals("GET") || method.equals("HEAD")) {
            return;
        }
        List<String> origins = request.headers().values(HeaderNames.ORIGIN);
        if (origins.size() != 1 || !origins.getFirst().equals(own)) {
            throw new AccessFailure.CrossSite().toException();
        }
    }
}
