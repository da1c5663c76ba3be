package io.vitals.kit.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Walks one shard and compares it with itself and with what was signed. Knows no database, so that the same code is proven
 * on a model and used on the table.
 */
final class ChainVerifier {
    private static final byte[] NOTHING = new byte[0];
    /** After that many the rest of a shard tells nothing new. */
    private static final int MOST = 20;

    private final int shard;
    private final NavigableMap<Long, Signed> signed;
    private final List<Finding> findings = new ArrayList<>();
    private final Instant expired;
    private final EntryHash hash = new EntryHash();
    private byte[] previous = NOTHING;
    private long last;
    private long count;

    /**
     * Begins a shard.
     *
     * @param signed what checkpoints have seen of it, by number of the entry
     * @param expired entries that were signed before then may have been removed by retention
     */
    ChainVerifier(int shard, NavigableMap<Long, Signed> signed, Instant expired) {
        this.shard = shard;
        this.signed = signed;
        this.expired = expired;
    }

    /** What a checkpoint says of an entry. */
    record Signed(String hash, Instant at) {}

    /** The next entry, in the order of the table's own numbers. */
    void next(ChainEntry entry) {
        if (count++ == 0) {
            skipExpired(entry.seq() - 1);
        }
        if (entry.shard() != shard || entry.seq() <= last) {
            add(Finding.Kind.INSERTED, entry.seq());
            return;
        }
        if (entry.seq() != last + 1) {
            add(Finding.Kind.MISSING, last + 1);
        } else if (!Arrays.equals(hash.of(previous, entry), entry.hash())) {
            add(Finding.Kind.CHANGED, entry.seq());
        }
        Signed was = signed.isEmpty() ? null : signed.get(entry.seq());
        if (was != null && !was.hash().equals(HexFormat.of().formatHex(entry.hash()))) {
            add(Finding.Kind.REWRITTEN, entry.seq());
        }
        previous = entry.hash();
        last = entry.seq();
    }

    /** Retention removes up to an entry that was signed long ago; the signature then stands for what is gone. */
    private void skipExpired(long before) {
        Signed anchor = signed.get(before);
        if (anchor != null && anchor.at().isBefore(expired)) {
            last = before;
            previous = HexFormat.of().parseHex(anchor.hash());
        }
    }

    /** What is wrong with the shard, after its last entry. */
    List<Finding> end() {
        Map.Entry<Long, Signed> newest = signed.lastEntry();
        if (newest != null && newest.getKey() > last) {
            add(Finding.Kind.TRUNCATED, last + 1);
        }
        return findings;
    }

    long count() {
        return count;
    }

    private void add(Finding.Kind kind, long seq) {
        if (findings.size() < MOST) {
            findings.add(Finding.entry(kind, shard, seq));
        }
    }
}
