package io.vitals.kit.audit;

import io.vitals.kit.crypto.Digests;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * An entry as the table holds it. Its hash covers every other column and the hash of the entry before it in its shard.
 *
 * @param atMicros time in microseconds since 1970, which is how exact the database is
 * @param hash as stored; whether it is right is what {@link ChainVerifier} finds out
 */
record ChainEntry(
        long id,
        int shard,
        long seq,
        long atMicros,
        String action,
        String actor,
        @Nullable String actorId,
        @Nullable String member,
        @Nullable String purpose,
        @Nullable String object,
        String outcome,
        @Nullable String reason,
        byte[] hash) {

    /** What the trigger of the table computes: SHA-256 of the hash before and of the columns, each led by its length. */
    byte[] expected(byte[] previous) {
        StringBuilder text = new StringBuilder(200);
        part(text, Integer.toString(shard));
        part(text, Long.toString(seq));
        part(text, Long.toString(id));
        part(text, Long.toString(atMicros));
        part(text, action);
        part(text, actor);
        part(text, actorId);
        part(text, member);
        part(text, purpose);
        part(text, object);
        part(text, outcome);
        part(text, reason);
        byte[] columns = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(previous, previous.length + columns.length);
        System.arraycopy(columns, 0, all, previous.length, columns.length);
        return Digests.sha256(all);
    }

    private static void part(StringBuilder text, @Nullable String value) {
        if (value == null) {
            text.append('-');
        } else {
            text.append(utf8Length(value)).append(':').append(value);
        }
    }

    private static int utf8Length(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return value.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return value.length();
    }

    Instant at() {
        return Instant.ofEpochSecond(Math.floorDiv(atMicros, 1_000_000), Math.floorMod(atMicros, 1_000_000) * 1000L);
    }
}
