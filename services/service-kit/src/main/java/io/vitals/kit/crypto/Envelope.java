package io.vitals.kit.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vitals.kit.config.Secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Envelope encryption: each value gets a data key of its own (AES-256-GCM), sealed by the key-encryption keyset. The
 * associated data says where the value belongs; opening it anywhere else fails.
 */
public final class Envelope {
    private final Aead aead;

    private Envelope(Aead aead) {
        this.aead = aead;
    }

    /**
     * Takes the key-encryption keyset.
     *
     * @param keyset Tink's JSON form; new values are sealed by its primary key, old ones open by any
     * @throws IllegalArgumentException if it is not a usable AEAD keyset
     */
    public static Envelope fromKeyset(Secret keyset) {
        try {
            AeadConfig.register();
            KeysetHandle handle = TinkJsonProtoKeysetFormat.parseKeyset(
                    keyset.reveal(), AeadConfig2026.get(), InsecureSecretKeyAccess.get());
            Aead keyEncryption = handle.getPrimitive(AeadConfig2026.get(), Aead.class);
            return new Envelope(KmsEnvelopeAead.create(PredefinedAeadParameters.AES256_GCM, keyEncryption));
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
}
