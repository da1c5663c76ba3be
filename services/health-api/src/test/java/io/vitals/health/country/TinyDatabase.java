package io.vitals.health.country;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a real MaxMind file with a few networks: a search tree of 24-bit records, the entries, and the description of it all. The tree is
 * of IPv6 as in the files that are sold, where IPv4 is the part under 96 zeros.
 */
final class TinyDatabase {
    private static final byte[] MARKER = {
        (byte) 0xAB, (byte) 0xCD, (byte) 0xEF, 'M', 'a', 'x', 'M', 'i', 'n', 'd', '.', 'c', 'o', 'm'
    };
    private static final int SEPARATOR = 16;
    private static final int EMPTY = -1;
    private static final int IPV6_BYTES = 16;

    /** Two children each: another node, nothing, or an entry as {@code -2 - offset}. */
    private final List<int[]> nodes = new ArrayList<>(List.of(new int[] {EMPTY, EMPTY}));

    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final String type;

    TinyDatabase(String type) {
        this.type = type;
    }

    TinyDatabase network(String address, int prefix, String country) throws IOException {
        int offset = data.size();
        data.write(value(Map.of("country", Map.of("iso_code", country))));
        byte[] literal = InetAddress.ofLiteral(address).getAddress();
        byte[] bits = new byte[IPV6_BYTES];
        System.arraycopy(literal, 0, bits, IPV6_BYTES - literal.length, literal.length);
        int length = prefix + 8 * (IPV6_BYTES - literal.length);
        int node = 0;
        for (int i = 0; i < length; i++) {
            int side = bits[i / 8] >> (7 - i % 8) & 1;
            if (i == length - 1) {
                nodes.get(node)[side] = -2 - offset;
            } else {
                if (nodes.get(node)[side] == EMPTY) {
                    nodes.add(new int[] {EMPTY, EMPTY});
                    nodes.get(node)[side] = nodes.size() - 1;
                }
                node = nodes.get(node)[side];
            }
        }
        return this;
    }

    Path write(Path file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int[] node : nodes) {
            for (int child : node) {
                int record = child == EMPTY ? nodes.size() : child >= 0 ? child : nodes.size() + SEPARATOR - 2 - child;
                out.write(record >> 16);
                out.write(record >> 8);
                out.write(record);
            }
        }
        out.write(new byte[SEPARATOR]);
        data.writeTo(out);
        out.write(MARKER);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("node_count", nodes.size());
        metadata.put("record_size", 24);
        metadata.put("ip_version", 6);
        metadata.put("database_type", type);
        metadata.put("languages", List.of());
        metadata.put("binary_format_major_version", 2);
        metadata.put("binary_format_minor_version", 0);
        metadata.put("build_epoch", 1);
        metadata.put("description", Map.of("en", "a test"));
        out.write(value(metadata));
        return Files.write(file, out.toByteArray());
    }

    /** Types 2 (text), 6 (number), 7 (map) and 11 (list); all of them shorter than 29. */
    private static byte[] value(Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        switch (value) {
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                out.write(2 << 5 | bytes.length);
                out.write(bytes);
            }
            case Integer number -> {
                out.write(6 << 5 | 4);
                out.write(new byte[] {
                    (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), number.byteValue()
                });
            }
            case Map<?, ?> map -> {
                out.write(7 << 5 | map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.write(value(entry.getKey()));
                    out.write(value(entry.getValue()));
                }
            }
            case List<?> list -> {
                out.write(list.size());
                out.write(11 - 7);
                for (Object entry : list) {
                    out.write(value(entry));
                }
            }
            default -> throw new IllegalArgumentException("no such type");
        }
        return out.toByteArray();
    }
}
