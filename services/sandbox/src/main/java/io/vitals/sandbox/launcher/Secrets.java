package io.vitals.sandbox.launcher;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Base64;
import java.util.function.Supplier;

/** The secrets of a run, one file each that only its owner reads; made once and then kept. */
final class Secrets {
    private final Path directory;
    private final SecureRandom random;

    Secrets(Path directory, SecureRandom random) throws IOException {
        this.directory = Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.random = random;
    }

    /** Where somebody else keeps a secret among these. */
    Path path(String name) {
        return directory.resolve(name);
    }

    /** A random text. */
    Path text(String name) {
        return kept(name, () -> {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        });
    }

    /** A given value, written anew. */
    Path value(String name, String value) {
        return write(directory.resolve(name), value);
    }

    /** A Tink keyset for AES256-GCM as clear JSON. */
    Path keyset(String name) {
        return kept(name, () -> {
            try {
                AeadConfig.register();
                Configuration registered = RegistryConfiguration.get();
                KeysetHandle keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, registered);
                return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, registered, InsecureSecretKeyAccess.get());
            } catch (GeneralSecurityException e) {
                throw new LaunchFailure("No keyset can be generated", e);
            }
        });
    }

    /** An Ed25519 key pair as a private JWK. */
    Path signingKey(String name, String keyId) {
        return kept(name, () -> {
            try {
                return new OctetKeyPairGenerator(Curve.Ed25519)
                        .keyID(keyId)
                        .generate()
                        .toJSONString();
            } catch (JOSEException e) {
                throw new LaunchFailure("No signing key can be generated", e);
            }
        });
    }

    /** The public halves of signing keys as a JWK Set. */
    Path publicKeys(String name, Path signingKey) {
        try {
            OctetKeyPair pair = OctetKeyPair.parse(Files.readString(signingKey));
            return write(directory.resolve(name), new JWKSet(pair.toPublicJWK()).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new LaunchFailure("Not a signing key: " + signingKey, e);
        }
    }

    static String read(Path secret) {
        try {
            return Files.readString(secret).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path kept(String name, Supplier<String> fresh) {
        Path file = directory.resolve(name);
        return Files.exists(file) ? file : write(file, fresh.get());
    }

    /** Moves a finished file into place: a crash leaves no half of a secret. */
    private static Path write(Path file, String value) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, value);
            return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
