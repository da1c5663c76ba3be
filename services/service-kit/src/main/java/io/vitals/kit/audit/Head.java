package io.vitals.kit.audit;

import java.util.HexFormat;

/** The newest entry of a shard. */
record Head(int shard, long seq, String hash) {
    Head {
        if (shard < 0 || seq < 1 || hash.length() != 64) {
            throw new IllegalArgumentException("not a head");
        }
        HexFormat.of().parseHex(hash);
    }
}
