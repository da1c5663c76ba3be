package io.vitals.probe.browser;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The JDK's cookies, with one difference: like browsers it takes a loopback address or name for secure, where the JDK withholds secure cookies. */
final class BrowserCookies extends CookieHandler {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final CookieManager kept = new CookieManager(null, CookiePolicy.ACCEPT_ORIGINAL_SERVER);

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) throws IOException {
        return kept.get(
                isLoopback(uri.getHost()) ? URI.create("https://" + uri.getRawAuthority() + pathOf(uri)) : uri,
                headers);
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) throws IOException {
        kept.put(uri, headers);
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null && (LOOPBACK.contains(host) || host.endsWith(".localhost"));
    }

    private static String pathOf(URI uri) {
        return uri.getRawPath() == null ? "" : uri.getRawPath();
    }
}
