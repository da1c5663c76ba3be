package io.vitals.kit.state;

import io.vitals.kit.crypto.Digests;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Counts the lines that go through it and digests them. */
final class Tally extends FilterOutputStream {
    private final MessageDigest digest = Digests.newSha256();
    private long lines;

    Tally(OutputStream below) {
        super(below);
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        digest.update(bytes, from, length);
        for (int i = from; i < from + length; i++) {
            if (bytes[i] == '\n') {
                lines++;
            }
        }
        out.write(bytes, from, length);
    }

    long lines() {
        return lines;
    }

    /** In hexadecimal digits; once, at the end. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
