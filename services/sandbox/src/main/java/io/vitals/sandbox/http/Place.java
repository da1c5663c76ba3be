package io.vitals.sandbox.http;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/**
 * Where the sandbox listens, and by which names others find it there. Issuers and consent pages are known to services and
 * browsers by the same name, so a name that both can look up has to be given where both are on different hosts.
 *
 * @param bind the address that listeners take
 * @param programs the host that services and tests call
 * @param browsers the host that stands in what a browser gets to see
 */
public record Place(String bind, String programs, String browsers) {
    /** One machine. Programs take the address, so that none of them tries IPv6 first. */
    public static final Place LOOPBACK = new Place("127.0.0.1", "127.0.0.1", "localhost");

    /** Reached under one name by everybody. */
    public static Place named(String bind, String name) {
        return new Place(bind, name, name);
    }

    public URI forPrograms(int port) {
        return URI.create("http://" + programs + ":" + port);
    }

    public URI forBrowsers(int port) {
        return URI.create("http://" + browsers + ":" + port);
    }

    /** What is listened on. */
    public InetAddress address() {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("There is no address " + bind, e);
        }
    }

    /** Whether a request was sent to one of the names, or to loopback, which a name elsewhere cannot be made to mean. */
    public boolean isNamed(String host) {
        return host.equals(programs) || host.equals(browsers) || host.equals("localhost") || host.equals("127.0.0.1");
    }
}
