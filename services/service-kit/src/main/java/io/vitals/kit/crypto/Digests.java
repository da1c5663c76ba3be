package io.vitals.kit.crypto;

import io.vitals.kit.config.Secret;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** SHA-256, HMAC-SHA-256 and comparison in constant time. */
public final class Digests {
    /** Copied and never fed itself: looking for a provider anew costs as much as digesting something short. */
    private static final MessageDigest SHA_256 = fresh();

    private Digests() {}

    private static MessageDigest fresh() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public static byte[] sha256(byte[] content) {
        return newSha256().digest(content);
    }

    /** One of the caller's own, for content that comes in parts. */
    public static MessageDigest newSha256() {
        try {
            return (MessageDigest) SHA_256.clone();
        } catch (CloneNotSupportedException e) {
            return fresh();
        }
    }

    /** HMAC over the parts, one after the other without separators. */
    public static byte[] hmacSha256(Secret key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** Takes the same time wherever the two differ. */
    public static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }
}
