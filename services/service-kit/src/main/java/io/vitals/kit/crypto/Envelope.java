package io.vitals.kit.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AeadKey;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vitals.kit.config.Secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Envelope encryption: each value gets a data key of its own (AES-256-GCM), sealed by the key-encryption keyset. The
 * associated data says where the value belongs; opening it anywhere else fails.
 */
public final class Envelope {
    /** Tink's wire format: length of the sealed data key, the sealed data key, then what it encrypts. */
    private static final int KEY_AT = Integer.BYTES;

    /** A sealed data key begins with a version and the id of the key that sealed it. */
    private static final int PREFIX_LENGTH = 5;

    private static final byte[] NO_PLACE = new byte[0];

    private final Aead aead;
    private final Aead keyEncryption;
    private final byte[] keyPrefix;

    private Envelope(Aead keyEncryption, byte[] keyPrefix) throws GeneralSecurityException {
        this.aead = KmsEnvelopeAead.create(PredefinedAeadParameters.AES256_GCM, keyEncryption);
        this.keyEncryption = keyEncryption;
        this.keyPrefix = keyPrefix;
    }

    /**
     * Takes the key-encryption keyset.
     *
     * @param keyset Tink's JSON form; new values are sealed by its primary key, old ones open by any
     * @throws IllegalArgumentException if it is not a usable AEAD keyset, or its primary key does not mark what it seals, so that after a
     *     rotation nobody could tell what is left to seal anew
     */
    public static Envelope fromKeyset(Secret keyset) {
        try {
            AeadConfig.register();
            KeysetHandle handle = TinkJsonProtoKeysetFormat.parseKeyset(
                    keyset.reveal(), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
            Aead keyEncryption = handle.getPrimitive(AeadConfig2026.get(), Aead.class);
            byte[] prefix = handle.getPrimary().getKey() instanceof AeadKey key
                    ? key.getOutputPrefix().toByteArray()
                    : new byte[0];
            if (prefix.length != PREFIX_LENGTH) {
                throw new IllegalArgumentException("the keyset's primary key does not mark what it seals");
            }
            return new Envelope(keyEncryption, prefix);
        } catch (GeneralSecurityException e) {
            // The cause is dropped: a parser's message may quote the keyset.
            throw new IllegalArgumentException("the keyset is not a usable AEAD keyset");
        }
    }

    /** The place a value belongs to, as associated data; parts are length-prefixed so that they cannot run together. */
    public static byte[] place(String... parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            text.append(part.length()).append(':').append(part);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    public byte[] seal(byte[] plain, byte[] place) {
        try {
            return aead.encrypt(plain, place);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    public byte[] seal(Secret plain, byte[] place) {
        return seal(plain.bytes(), place);
    }

    /**
     * Opens a sealed value.
     *
     * @throws GeneralSecurityException if it was changed, moved, or sealed under a key that is gone
     */
    public byte[] open(byte[] sealed, byte[] place) throws GeneralSecurityException {
        return aead.decrypt(sealed, place);
    }

    /** As {@link #open}, for text. */
    public Secret openSecret(byte[] sealed, byte[] place) throws GeneralSecurityException {
        return Secret.of(new String(open(sealed, place), StandardCharsets.UTF_8));
    }

    /** What bytes 5 to 9 of a value sealed now are: they name the keyset's primary key. */
    public byte[] keyPrefix() {
        return keyPrefix.clone();
    }

    /** Whether a value is sealed under the primary key. */
    public boolean isCurrent(byte[] sealed) {
        return sealed.length >= KEY_AT + PREFIX_LENGTH
                && Arrays.equals(sealed, KEY_AT, KEY_AT + PREFIX_LENGTH, keyPrefix, 0, PREFIX_LENGTH);
    }

    /**
     * Seals the data key of a value under the primary key. What the data key encrypts stays as it is, and so does the place where it opens;
     * the plain value never appears.
     *
     * @throws GeneralSecurityException if the value is not one, or its key is gone
     */
    public byte[] rewrap(byte[] sealed) throws GeneralSecurityException {
        if (isCurrent(sealed)) {
            return sealed.clone();
        }
        ByteBuffer old = ByteBuffer.wrap(sealed);
        if (sealed.length < KEY_AT) {
            throw new GeneralSecurityException("not an envelope");
        }
        int length = old.getInt();
        if (length <= 0 || length > old.remaining()) {
            throw new GeneralSecurityException("not an envelope");
        }
        byte[] oldKey = new byte[length];
        old.get(oldKey);
        byte[] key = keyEncryption.encrypt(keyEncryption.decrypt(oldKey, NO_PLACE), NO_PLACE);
        return ByteBuffer.allocate(KEY_AT + key.length + old.remaining())
                .putInt(key.length)
                .put(key)
                .put(old)
                .array();
    }
}
