package io.vitals.whoop.support;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Tokens;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;

/** Fresh keys for tests. */
public final class Keys {
    private Keys() {}

    /** A caller's key: the private JWK to sign with and the set that verifies. */
    public record Caller(Secret privateJwk, Secret publicSet) {}

    public static Secret keyset() {
        try {
            AeadConfig.register();
            KeysetHandle handle =
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            return serialized(handle);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A keyset before, during and after a rotation: the old key, both with the new one as primary, the new key alone. */
    public record Rotation(Secret old, Secret both, Secret newOnly) {}

    public static Rotation rotation() {
        try {
            AeadConfig.register();
            KeysetHandle old =
                    KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get());
            KeysetHandle both = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(old.getPrimary().getKey()))
                    .addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                            .withRandomId()
                            .makePrimary())
                    .build();
            KeysetHandle newOnly = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.importKey(both.getPrimary().getKey()).makePrimary())
                    .build();
            return new Rotation(serialized(old), serialized(both), serialized(newOnly));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Secret serialized(KeysetHandle handle) throws GeneralSecurityException {
        return Secret.of(TinkJsonProtoKeysetFormat.serializeKeyset(
                handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
    }

    public static Caller caller() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            String d = Tokens.base64Url(last32(pair.getPrivate().getEncoded()));
            String x = Tokens.base64Url(last32(pair.getPublic().getEncoded()));
            String common = "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"health-api-1\",\"x\":\"" + x + "\"";
            return new Caller(
                    Secret.of("{" + common + ",\"d\":\"" + d + "\"}"), Secret.of("{\"keys\":[{" + common + "}]}"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Both encodings of an Ed25519 key end with its 32 bytes. */
    private static byte[] last32(byte[] encoded) {
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }
}
