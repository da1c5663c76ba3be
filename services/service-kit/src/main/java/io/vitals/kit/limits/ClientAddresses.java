package io.vitals.kit.limits;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a request comes from. Only a proxy that is known may say for whom it asks, in {@code X-Forwarded-For}: the address is the last one
 * that no known proxy has, so what a client writes there itself is never looked at.
 */
public final class ClientAddresses {
    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");
    private static final int MOST_HOPS = 16;
    private static final int NETWORK_BYTES = 8;
    private static final byte[] NOWHERE = new byte[4];

    private final List<AddressRange> proxies;

    /**
     * Takes the proxies in front of this service; without any, the address is the peer's.
     *
     * @throws IllegalArgumentException when one is not an address range
     */
    public ClientAddresses(List<String> trustedProxies) {
        this.proxies = trustedProxies.stream().map(AddressRange::parse).toList();
    }

    public InetAddress of(ServerRequest request) {
        return resolve(request.remotePeer().address(), request.headers().all(FORWARDED_FOR, List::of));
    }

    /** Whether a known proxy handed the request on, so that what it says of the client may be believed. */
    public boolean fromProxy(ServerRequest request) {
        return request.remotePeer().address() instanceof InetSocketAddress inet
                && inet.getAddress() != null
                && known(inet.getAddress());
    }

    InetAddress resolve(SocketAddress peer, List<String> headers) {
        InetAddress address =
                peer instanceof InetSocketAddress inet && inet.getAddress() != null ? inet.getAddress() : unknown();
        if (headers.isEmpty() || !known(address)) {
            return address;
        }
        List<String> hops = Arrays.asList(String.join(",", headers).split(",", -1));
        int last = Math.max(0, hops.size() - MOST_HOPS);
        for (int i = hops.size() - 1; i >= last; i--) {
            Optional<InetAddress> hop = AddressRange.literal(hops.get(i).strip());
            if (hop.isEmpty()) {
                // A proxy of ours never writes this: what is left of it is not to be believed.
                return address;
            }
            address = hop.get();
            if (!known(address)) {
                return address;
            }
        }
        return address;
    }

    private boolean known(InetAddress address) {
        return proxies.stream().anyMatch(range -> range.contains(address));
    }

    /** What counts as one source: an IPv4 address, or an IPv6 /64, which one host has to itself. */
    public static byte[] source(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
    }

    private static InetAddress unknown() {
        try {
            return InetAddress.getByAddress(NOWHERE);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
