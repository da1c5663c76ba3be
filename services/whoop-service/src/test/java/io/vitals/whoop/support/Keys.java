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
            return Secret.of(TinkJsonProtoKeysetFormat.serializeKeyset(
                    handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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
