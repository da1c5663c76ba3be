package io.vitals.kit.audit;

import io.vitals.kit.crypto.Digests;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** The root over all heads, built as in RFC 6962: leaves and nodes are told apart by their first byte. */
final class MerkleTree {
    private MerkleTree() {}

    static String root(Collection<Head> heads) {
        List<byte[]> leaves = heads.stream()
                .sorted(Comparator.comparingInt(Head::shard))
                .map(MerkleTree::leaf)
                .toList();
        return HexFormat.of().formatHex(leaves.isEmpty() ? Digests.sha256(new byte[0]) : node(leaves));
    }

    private static byte[] leaf(Head head) {
        return Digests.sha256(ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES + 32)
                .put((byte) 0)
                .putInt(head.shard())
                .putLong(head.seq())
                .put(HexFormat.of().parseHex(head.hash()))
                .array());
    }

    private static byte[] node(List<byte[]> leaves) {
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int split = Integer.highestOneBit(leaves.size() - 1);
        return Digests.sha256(ByteBuffer.allocate(65)
                .put((byte) 1)
                .put(node(leaves.subList(0, split)))
                .put(node(leaves.subList(split, leaves.size())))
                .array());
    }
}
