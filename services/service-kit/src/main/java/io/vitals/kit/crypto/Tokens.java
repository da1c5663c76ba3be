package io.vitals.kit.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable values. */
public final class Tokens {
    private Tokens() {}

    /** Base64url without padding of that many random bytes; 32 bytes give 43 characters. */
    public static String random(SecureRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return base64Url(value);
    }

    public static String base64Url(byte[] value) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }
}
