package io.vitals.kit.audit;

import io.vitals.kit.crypto.SignatureKey;
import io.vitals.kit.json.Json;
import io.vitals.kit.json.MalformedJsonException;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the checkpoint files of a directory vouch for. */
final class SignedHeads {
    private final Map<String, SignatureKey.VerificationKey> keys;
    private final String service;
    private final Map<Integer, NavigableMap<Long, ChainVerifier.Signed>> shards = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private long count;
    private @Nullable Instant newest;

    private SignedHeads(String service, List<SignatureKey.VerificationKey> keys) {
        this.service = service;
        this.keys = new HashMap<>();
        keys.forEach(key -> this.keys.put(key.id(), key));
    }

    /** Reads all files of a service; a directory that does not exist holds none. */
    static SignedHeads read(Path directory, String service, List<SignatureKey.VerificationKey> keys)
            throws IOException {
        SignedHeads heads = new SignedHeads(service, keys);
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(SignedHeads::named).sorted().toList()) {
                    heads.file(file);
                }
            }
        }
        return heads;
    }

    /** Nothing signed yet. */
    static SignedHeads none(String service) {
        return new SignedHeads(service, List.of());
    }

    private static boolean named(Path file) {
        return String.valueOf(file.getFileName()).endsWith(CheckpointFile.SUFFIX);
    }

    private void file(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        Map<Integer, Head> state = new HashMap<>();
        String previous = "";
        long number = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] document = line.getBytes(StandardCharsets.UTF_8);
                number++;
                Optional<Checkpoint> checkpoint = checkpoint(document);
                if (checkpoint.isEmpty()) {
                    findings.add(new Finding(Finding.Kind.CHECKPOINT_FORGED, -1, number, name));
                    return;
                }
                if (!checkpoint.get().service().equals(service)) {
                    return;
                }
                checkpoint.get().heads().forEach(head -> state.put(head.shard(), head));
                Finding.@Nullable Kind fault = fault(checkpoint.get(), state, number, previous);
                if (fault != null) {
                    // Nothing after it can be believed either, as each line builds on the one before.
                    findings.add(new Finding(fault, -1, number, name));
                    return;
                }
                take(checkpoint.get());
                previous = CheckpointFile.digest(document);
            }
        }
    }

    private static Optional<Checkpoint> checkpoint(byte[] document) {
        try {
            return Optional.of(Json.read(document, Checkpoint.class));
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }

    private Finding.@Nullable Kind fault(
            Checkpoint checkpoint, Map<Integer, Head> state, long number, String previous) {
        SignatureKey.@Nullable VerificationKey key = keys.get(checkpoint.key());
        if (key == null || !key.signed(checkpoint.signed(), signature(checkpoint))) {
            return Finding.Kind.CHECKPOINT_FORGED;
        }
        if (checkpoint.number() != number || !checkpoint.previous().equals(previous)) {
            return Finding.Kind.CHECKPOINT_MISSING;
        }
        return MerkleTree.root(state.values()).equals(checkpoint.root()) ? null : Finding.Kind.CHECKPOINT_FORGED;
    }

    private static byte[] signature(Checkpoint checkpoint) {
        try {
            return Base64.getDecoder().decode(checkpoint.signature());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private void take(Checkpoint checkpoint) {
        count++;
        if (newest == null || checkpoint.at().isAfter(newest)) {
            newest = checkpoint.at();
        }
        for (Head head : checkpoint.heads()) {
            ChainVerifier.Signed now = new ChainVerifier.Signed(head.hash(), checkpoint.at());
            ChainVerifier.@Nullable Signed known =
                    shards.computeIfAbsent(head.shard(), _ -> new TreeMap<>()).putIfAbsent(head.seq(), now);
            if (known != null && !known.hash().equals(now.hash())) {
                findings.add(Finding.entry(Finding.Kind.REWRITTEN, head.shard(), head.seq()));
            }
        }
    }

    NavigableMap<Long, ChainVerifier.Signed> of(int shard) {
        return shards.getOrDefault(shard, new TreeMap<>());
    }

    /** Number of the newest entry that was signed before then. */
    Optional<Long> newestBefore(int shard, Instant before) {
        return of(shard).descendingMap().entrySet().stream()
                .filter(entry -> entry.getValue().at().isBefore(before))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What is wrong with the files themselves, and checkpoints that contradict each other. */
    List<Finding> findings() {
        return findings;
    }

    long count() {
        return count;
    }

    Optional<Instant> newest() {
        return Optional.ofNullable(newest);
    }
}
