package io.vitals.kit.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A manifest and its signature, a file each: what is signed are the bytes as they lie there. */
final class ManifestFile {
    static final String NAME = "manifest.json";
    static final String SIGNATURE = "manifest.sig";
    private static final byte[] PURPOSE = "vitals state export\n".getBytes(StandardCharsets.UTF_8);

    private ManifestFile() {}

    /**
     * The file beside it.
     *
     * @param key id of the key
     * @param signature Ed25519
     */
    private record Signature(String key, byte[] signature) {}

    /** Writes both, the signature last: an export without one is none. */
    static void write(Path directory, Manifest manifest, SignatureKey key) throws IOException {
        byte[] document = Json.write(manifest);
        OwnFiles.write(directory.resolve(NAME), document);
        OwnFiles.write(directory.resolve(SIGNATURE), Json.write(new Signature(key.id(), key.sign(signed(document)))));
    }

    private static byte[] signed(byte[] document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(PURPOSE);
        bytes.writeBytes(document);
        return bytes.toByteArray();
    }

    /** Reads what one of the keys has signed; nothing of it is looked at before. */
    static Manifest read(Path directory, List<SignatureKey.VerificationKey> keys) throws IOException, StateException {
        byte[] document = bytes(directory, NAME);
        Signature signature;
        try {
            signature = Json.read(bytes(directory, SIGNATURE), Signature.class);
        } catch (MalformedJsonException e) {
            throw new StateException(SIGNATURE + ": " + e.getMessage());
        }
        if (signature.key() == null || signature.signature() == null) {
            throw new StateException(SIGNATURE + ": lacks key or signature");
        }
        SignatureKey.VerificationKey key = keys.stream()
                .filter(known -> known.id().equals(signature.key()))
                .findFirst()
                .orElseThrow(() -> new StateException(SIGNATURE + ": key: is none of those that are trusted"));
        if (!key.signed(signed(document), signature.signature())) {
            throw new StateException(NAME + ": was changed, the signature does not fit");
        }
        return parse(document);
    }

    private static Manifest parse(byte[] document) throws StateException {
        try {
            JsonNode format = Json.tree(document).path("format");
            if (format.asInt() != Manifest.FORMAT) {
                throw new StateException(NAME + ": format: is " + format.asInt() + ", and this release reads "
                        + Manifest.FORMAT + (format.asInt() > Manifest.FORMAT ? ": a newer release wrote it" : ""));
            }
            return Json.read(document, Manifest.class);
        } catch (MalformedJsonException e) {
            throw new StateException(NAME + ": " + e.getMessage());
        }
    }

    private static byte[] bytes(Path directory, String name) throws IOException, StateException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new StateException(name + ": is missing, so this is no complete export");
        }
        return Files.readAllBytes(file);
    }
}
