package io.vitals.loadtest.gatling;

import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;

/** The only place that load may go to. */
final class Loopback {
    private Loopback() {}

    /**
     * An address as it is given. A name is never looked up: whoever answers for it could mean any place.
     *
     * @throws IllegalArgumentException when it is not plain HTTP on loopback
     */
    static URI require(URI address) {
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        if (!"http".equals(address.getScheme()) || address.getRawUserInfo() != null || !isLoopback(host)) {
            throw new IllegalArgumentException("load goes to http on loopback only, and not to " + address.getScheme()
                    + "://" + (host.isEmpty() ? "an address without a host" : host));
        }
        return address;
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            String literal = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            return InetAddress.ofLiteral(literal).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
