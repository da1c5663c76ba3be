package io.vitals.kit.audit;

import com.google.crypto.tink.subtle.Ed25519Sign;
import io.vitals.kit.config.Secret;
import io.vitals.kit.crypto.Digests;
import io.vitals.kit.crypto.SignatureKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of checkpoints when somebody changes their file. */
class CheckpointFileTest {
    private static final Instant AT = Instant.parse("2026-11-22T05:06:07.000123Z");

    @TempDir
    private Path directory;

    private SignatureKey key;

    @BeforeEach
    void write() throws Exception {
        key = key("audit-1");
        Map<Integer, Head> state = new HashMap<>();
        try (CheckpointFile file = CheckpointFile.create(directory, "health-api", "run-1")) {
            for (int number = 1; number <= 5; number++) {
                List<Head> changed = new ArrayList<>();
                for (int shard = 0; shard < number; shard++) {
                    Head head = head(shard, number);
                    state.put(shard, head);
                    changed.add(head);
                }
                file.append(Checkpoint.sign(
                        "health-api",
                        "run-1",
                        number,
                        AT.plusSeconds(30L * number),
                        changed,
                        MerkleTree.root(state.values()),
                        file.last(),
                        key));
            }
        }
    }

    @Test
    void untouchedFilesVouchForEveryHead() throws IOException {
        SignedHeads heads = read();
        assertThat(heads.findings()).isEmpty();
        assertThat(heads.count()).isEqualTo(5);
        assertThat(heads.newest()).contains(AT.plusSeconds(150));
        assertThat(heads.of(0)).hasSize(5);
        assertThat(heads.of(4)).containsOnlyKeys(5L);
        assertThat(heads.of(5)).isEmpty();
    }

    @Test
    void changedSwappedMissingAndForeignLinesAreFound() throws Exception {
        List<String> lines = lines();
        for (int i = 0; i < lines.size(); i++) {
            List<String> edited = new ArrayList<>(lines);
            // Another hash for a head: the signature is still right, and its root is not that of the heads.
            edited.set(i, edited.get(i).replaceFirst("\"hash\":\"..", "\"hash\":\"00"));
            assertThat(kinds(edited)).containsExactly(Finding.Kind.CHECKPOINT_FORGED);
            edited.set(i, lines.get(i).replace("2026-11-22", "2026-11-21"));
            assertThat(kinds(edited)).containsExactly(Finding.Kind.CHECKPOINT_FORGED);
            edited.set(i, "{");
            assertThat(kinds(edited)).containsExactly(Finding.Kind.CHECKPOINT_FORGED);
            if (i < lines.size() - 1) {
                edited.remove(i);
                assertThat(kinds(edited)).containsExactly(Finding.Kind.CHECKPOINT_MISSING);
                List<String> swapped = new ArrayList<>(lines);
                Collections.swap(swapped, i, i + 1);
                assertThat(kinds(swapped)).isNotEmpty();
            }
        }
        key = key("audit-1");
        assertThat(kinds(lines)).as("another key of the same name").containsExactly(Finding.Kind.CHECKPOINT_FORGED);
    }

    @Test
    void theRootDependsOnEveryPartOfEveryHead() {
        Head one = head(1, 1);
        Head two = head(2, 1);
        Head three = head(3, 1);
        String root = MerkleTree.root(List.of(one, two, three));
        assertThat(MerkleTree.root(List.of(three, two, one))).isEqualTo(root);
        assertThat(List.of(
                        MerkleTree.root(List.of(one, two)),
                        MerkleTree.root(List.of(one, two, head(3, 2))),
                        MerkleTree.root(List.of(one, two, new Head(4, 1, three.hash()))),
                        MerkleTree.root(List.of(one, two, new Head(3, 2, three.hash()))),
                        MerkleTree.root(List.of())))
                .doesNotContain(root)
                .doesNotHaveDuplicates();
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    private List<Finding.Kind> kinds(List<String> lines) throws IOException {
        Files.write(file(), lines);
        return read().findings().stream().map(Finding::kind).toList();
    }

    private Path file() {
        return directory.resolve("health-api-run-1" + CheckpointFile.SUFFIX);
    }

    private SignedHeads read() throws IOException {
        return SignedHeads.read(directory, "health-api", List.of(key.verification()));
    }

    private static Head head(int shard, long seq) {
        return new Head(
                shard,
                seq,
                HexFormat.of().formatHex(Digests.sha256((shard + " " + seq).getBytes(StandardCharsets.UTF_8))));
    }

    private static SignatureKey key(String id) throws GeneralSecurityException {
        String seed = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Ed25519Sign.KeyPair.newKeyPair().getPrivateKey());
        return SignatureKey.fromJwk(
                Secret.of("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + id + "\",\"d\":\"" + seed + "\"}"));
    }
}
