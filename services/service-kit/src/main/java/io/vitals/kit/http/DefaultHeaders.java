package io.vitals.kit.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;

/** What every answer carries unless its route says otherwise: nothing may be stored, framed, sniffed or executed. */
final class DefaultHeaders {
    private static final HeaderName CONTENT_TYPE_OPTIONS = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName TRANSPORT_SECURITY = HeaderNames.create("Strict-Transport-Security");
    private static final HeaderName FRAME_OPTIONS = HeaderNames.create("X-Frame-Options");
    private static final HeaderName REFERRER_POLICY = HeaderNames.create("Referrer-Policy");
    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName RESOURCE_POLICY = HeaderNames.create("Cross-Origin-Resource-Policy");
    private static final HeaderName PERMISSIONS = HeaderNames.create("Permissions-Policy");

    private DefaultHeaders() {}

    static void apply(ServerResponse response, String requestId) {
        response.header(ListenerFilter.REQUEST_ID, requestId);
        response.header(CONTENT_TYPE_OPTIONS, "nosniff");
        response.header(TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(FRAME_OPTIONS, "DENY");
        response.header(REFERRER_POLICY, "no-referrer");
        response.header(CSP, "default-src 'none'; frame-ancestors 'none'");
        response.header(RESOURCE_POLICY, "same-origin");
        response.header(PERMISSIONS, "camera=(), geolocation=(), microphone=()");
    }
}
