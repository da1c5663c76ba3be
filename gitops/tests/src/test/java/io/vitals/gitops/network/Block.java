package io.vitals.gitops.network;

import java.util.List;

/** Addresses of IPv4, but for some: {@code ipBlock}. */
record Block(String cidr, List<String> except) {
    Block {
        range(cidr);
        except.forEach(Block::range);
    }

    boolean has(String address) {
        return within(cidr, address) && except.stream().noneMatch(out -> within(out, address));
    }

    private static boolean within(String cidr, String address) {
        long[] range = range(cidr);
        long number = number(address);
        return range[0] <= number && number <= range[1];
    }

    /** An address that many before the last one of a range. */
    static String last(String cidr, int before) {
        return text(range(cidr)[1] - before);
    }

    /** An address that many after the first one of a range. */
    static String first(String cidr, int after) {
        return text(range(cidr)[0] + after);
    }

    private static long[] range(String cidr) {
        String[] parts = cidr.split("/", -1);
        int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : -1;
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException("no range of IPv4 addresses: " + cidr);
        }
        long size = 1L << (32 - bits);
        long first = number(parts[0]) / size * size;
        return new long[] {first, first + size - 1};
    }

    private static long number(String address) {
        long number = 0;
        String[] parts = address.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("no IPv4 address: " + address);
        }
        for (String part : parts) {
            int value = Integer.parseInt(part);
            if (value < 0 || value > 255) {
                throw new IllegalArgumentException("no IPv4 address: " + address);
            }
            number = number * 256 + value;
        }
        return number;
    }

    private static String text(long number) {
        return (number >> 24 & 255) + "." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255);
    }
}
