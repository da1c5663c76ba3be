package io.vitals.kit.audit;

import io.vitals.kit.crypto.Digests;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What the trigger of the table computes: SHA-256 of the hash before and of the columns, each led by its length. One is used for many
 * entries, because a log is long and its verification should not make work for the collector. Not for several threads.
 */
final class EntryHash {
    private static final int LONGEST_NUMBER = 20;

    private final MessageDigest digest = Digests.newSha256();
    private byte[] text = new byte[1024];
    private int length;

    byte[] of(byte[] previous, ChainEntry entry) {
        length = 0;
        room(previous.length);
        System.arraycopy(previous, 0, text, 0, previous.length);
        length = previous.length;
        number(entry.shard());
        number(entry.seq());
        number(entry.id());
        number(entry.atMicros());
        part(entry.action());
        part(entry.actor());
        part(entry.actorId());
        part(entry.member());
        part(entry.purpose());
        part(entry.object());
        part(entry.outcome());
        part(entry.reason());
        digest.update(text, 0, length);
        return digest.digest();
    }

    private void number(long value) {
        part(Long.toString(value));
    }

    private void part(@Nullable String value) {
        if (value == null) {
            room(1);
            text[length++] = '-';
            return;
        }
        if (ascii(value)) {
            lead(value.length());
            for (int i = 0; i < value.length(); i++) {
                text[length++] = (byte) value.charAt(i);
            }
        } else {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            lead(bytes.length);
            System.arraycopy(bytes, 0, text, length, bytes.length);
            length += bytes.length;
        }
    }

    private static boolean ascii(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** The length of a part and a colon, and room for the part. */
    private void lead(int size) {
        room(LONGEST_NUMBER + size);
        if (size >= 100) {
            for (byte digit : Integer.toString(size).getBytes(StandardCharsets.US_ASCII)) {
                text[length++] = digit;
            }
        } else {
            if (size >= 10) {
                text[length++] = (byte) ('0' + size / 10);
            }
            text[length++] = (byte) ('0' + size % 10);
        }
        text[length++] = ':';
    }

    private void room(int more) {
        if (length + more > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, length + more));
        }
    }
}
