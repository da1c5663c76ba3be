package io.vitals.kit.crypto;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;

/**
 * Envelope encryption of what is too large for memory: a data key of its own for a set of files (AES-256-GCM in segments), sealed by the
 * keyset of an {@link Envelope}. A file that was changed, cut off or put in another's place does not open.
 */
public final class SealedFiles {
    private final StreamingAead aead;
    private final byte[] sealedKey;

    private SealedFiles(StreamingAead aead, byte[] sealedKey) {
        this.aead = aead;
        this.sealedKey = sealedKey.clone();
    }

    /** With a fresh data key, which belongs to the place. */
    public static SealedFiles fresh(Envelope envelope, byte[] place) {
        try {
            KeysetHandle key = KeysetHandle.generateNew(
                    PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB, StreamingAeadConfig2026.get());
            byte[] plain = TinkProtoKeysetFormat.serializeKeyset(
                    key, InsecureSecretKeyAccess.get(), StreamingAeadConfig2026.get());
            return new SealedFiles(primitive(key), envelope.seal(plain, place));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a data key", e);
        }
    }

    /**
     * With the data key of another time.
     *
     * @throws GeneralSecurityException if the keyset does not open it, or it belongs to another place
     */
    public static SealedFiles open(Envelope envelope, byte[] sealedKey, byte[] place) throws GeneralSecurityException {
        byte[] plain = envelope.open(sealedKey, place);
        return new SealedFiles(
                primitive(TinkProtoKeysetFormat.parseKeyset(
                        plain, InsecureSecretKeyAccess.get(), StreamingAeadConfig2026.get())),
                sealedKey);
    }

    private static StreamingAead primitive(KeysetHandle key) throws GeneralSecurityException {
        return key.getPrimitive(StreamingAeadConfig2026.get(), StreamingAead.class);
    }

    public byte[] sealedKey() {
        return sealedKey.clone();
    }

    /** What is written goes on sealed; closing ends it and closes what is below. */
    public OutputStream sealing(OutputStream below, byte[] place) throws IOException {
        try {
            return aead.newEncryptingStream(below, place);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal", e);
        }
    }

    /** Reading throws an {@link IOException} at the first segment that is not what was sealed for the place. */
    public InputStream opening(InputStream below, byte[] place) throws IOException {
        try {
            return aead.newDecryptingStream(below, place);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot open", e);
        }
    }
}
