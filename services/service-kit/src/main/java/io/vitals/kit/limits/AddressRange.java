package io.vitals.kit.limits;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses that share their first bits, as {@code 10.0.0.0/8}; an address without a slash stands for itself. */
public final class AddressRange {
    private static final Pattern FOUR_PARTS = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException when it is none, or has bits set beyond its prefix, which is a typing error more often than not
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = literal(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("not an address"))
                .getAddress();
        int bits = slash < 0 ? network.length * 8 : prefix(text.substring(slash + 1), network.length * 8);
        for (int i = bits; i < network.length * 8; i++) {
            if ((network[i / 8] >> (7 - i % 8) & 1) != 0) {
                throw new IllegalArgumentException("bits are set beyond the prefix");
            }
        }
        return new AddressRange(network, bits);
    }

    private static int prefix(String text, int most) {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("not a prefix length");
        }
        return Integer.parseInt(text);
    }

    /** The address of a literal; a name is none and is never looked up. An IPv6 form of an IPv4 address is the IPv4 address. */
    static Optional<InetAddress> literal(String text) {
        try {
            // With a scope it would name an interface of this machine; shortened, every reader takes it for another
            // address.
            boolean plain = FOUR_PARTS.matcher(text).matches() || (text.indexOf(':') >= 0 && text.indexOf('%') < 0);
            return plain ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (other[i] != network[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((other[whole] ^ network[whole]) & 0xFF) >> (8 - rest) == 0;
    }
}
