package io.vitals.gitops.network;

import java.util.Comparator;
import java.util.Locale;

/**
 * What a connection is made to.
 *
 * @param protocol TCP or UDP
 */
record Port(String protocol, int number) implements Comparable<Port> {
    private static final Comparator<Port> ORDER =
            Comparator.comparing(Port::protocol).thenComparingInt(Port::number);

    Port {
        if (!protocol.equals("TCP") && !protocol.equals("UDP")) {
            throw new IllegalArgumentException("a protocol that no pod here speaks: " + protocol);
        }
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException("no port: " + number);
        }
    }

    static Port tcp(int number) {
        return new Port("TCP", number);
    }

    /** Such as {@code 5432} or {@code 53/udp}. */
    static Port parse(String text) {
        String[] parts = text.strip().split("/", -1);
        return new Port(
                parts.length == 1 ? "TCP" : parts[1].toUpperCase(Locale.ROOT), Integer.parseInt(parts[0].strip()));
    }

    @Override
    public int compareTo(Port other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return protocol.equals("TCP") ? Integer.toString(number) : number + "/" + protocol.toLowerCase(Locale.ROOT);
    }
}
