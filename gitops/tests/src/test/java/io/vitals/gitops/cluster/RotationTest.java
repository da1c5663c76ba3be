package io.vitals.gitops.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** Secrets change by a release like everything else: docs/platform/secrets.md. */
@Scenario
@Order(25)
class RotationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEYSET = "session-keyset.json";
    private static final String SECRET = "health-api-secrets";
    /** Before the 32 bytes of the key: its field and its length. */
    private static final byte[] AES_GCM_256 = {0x1a, 0x20};

    @BeforeEach
    void nothingIsUnderWay() {
        Release.nothingIsUnderWay();
    }

    @Test
    void aNewKeyReachesTheServiceByAReleaseAndNoRequestFails() throws IOException {
        var values = new TreeMap<String, byte[]>();
        Cluster.client()
                .secrets()
                .inNamespace(Release.NAMESPACE)
                .withName(SECRET)
                .get()
                .getData()
                .forEach((key, value) -> values.put(key, Base64.getDecoder().decode(value)));
        byte[] rotated = withAnotherKey(values.getOrDefault(KEYSET, new byte[0]));
        values.put(KEYSET, rotated);
        String before = Release.active();
        try (var traffic = Traffic.start()) {
            Instant merged = Instant.now();
            String commit = Desired.seal(Release.NAMESPACE, SECRET, values);
            Cluster.awaitSynced(Release.APPLICATION, commit, Release.LIMIT);
            Release.awaitSwitch(before, merged);
            Release.nothingIsUnderWay();
            String pod = Release.activePods().getFirst().getMetadata().getName();
            assertThat(mounted(pod)).isEqualTo(rotated);
            traffic.allWereAnswered();
        }
    }

    private static byte[] withAnotherKey(byte[] keyset) throws IOException {
        var random = new SecureRandom();
        byte[] key = new byte[AES_GCM_256.length + 32];
        random.nextBytes(key);
        System.arraycopy(AES_GCM_256, 0, key, 0, AES_GCM_256.length);
        var all = (ObjectNode) JSON.readTree(keyset);
        var keys = (ArrayNode) all.get("key");
        ObjectNode another = keys.get(0).deepCopy();
        another.put("keyId", random.nextInt(1, Integer.MAX_VALUE));
        ((ObjectNode) another.get("keyData")).put("value", Base64.getEncoder().encodeToString(key));
        keys.add(another);
        return JSON.writeValueAsBytes(all);
    }

    /** As the node has it for the pod, whose image has no shell. */
    private static byte[] mounted(String pod) throws IOException {
        String uid = Cluster.client()
                .pods()
                .inNamespace(Release.NAMESPACE)
                .withName(pod)
                .get()
                .getMetadata()
                .getUid();
        Path volume =
                Cluster.state().resolve("kubelet/pods/" + uid + "/volumes/kubernetes.io~secret/secrets/" + KEYSET);
        return Files.readAllBytes(volume);
    }
}
