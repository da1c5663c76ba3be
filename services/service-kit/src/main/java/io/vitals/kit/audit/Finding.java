package io.vitals.kit.audit;

/**
 * A place where the log or its checkpoints are not what they were.
 *
 * @param shard the chain; -1 for a checkpoint
 * @param number the entry's number in its chain, or the checkpoint's
 */
public record Finding(Kind kind, int shard, long number, String where) {
    /** What is wrong. */
    public enum Kind {
        /** An entry does not match its hash: it, or one before it, was changed. */
        CHANGED,
        /** Entries are missing in the middle. */
        MISSING,
        /** An entry stands where none can. */
        INSERTED,
        /** Entries are gone that a signed checkpoint has seen. */
        TRUNCATED,
        /** The chain is sound in itself but is not the one that was signed. */
        REWRITTEN,
        /** A checkpoint is not signed by a known key, or its heads are not those under the signature. */
        CHECKPOINT_FORGED,
        /** A checkpoint is missing between two others. */
        CHECKPOINT_MISSING
    }

    static Finding entry(Kind kind, int shard, long seq) {
        return new Finding(kind, shard, seq, "");
    }

    @Override
    public String toString() {
        String what = kind.name().toLowerCase(java.util.Locale.ROOT);
        return shard < 0
                ? what + ": checkpoint " + number + " of " + where
                : what + ": shard " + shard + ", entry " + number;
    }
}
