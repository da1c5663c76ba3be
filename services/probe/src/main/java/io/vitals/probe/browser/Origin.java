package io.vitals.probe.browser;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port: what a cookie, a form or a redirect is trusted by. */
public record Origin(String scheme, String host, int port) {
    /**
     * The origin of an address.
     *
     * @throws IllegalArgumentException if it is not http or https, lacks a host, or holds a user name
     */
    public static Origin of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https"))
                || uri.getHost() == null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("is not an address of http or https");
        }
        int usual = scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), uri.getPort() == -1 ? usual : uri.getPort());
    }

    public boolean secure() {
        return scheme.equals("https");
    }

    /** As browsers write it: without the scheme's usual port. */
    @Override
    public String toString() {
        return scheme + "://" + host + (port == (secure() ? 443 : 80) ? "" : ":" + port);
    }
}
