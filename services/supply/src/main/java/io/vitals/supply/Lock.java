package io.vitals.supply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The libraries that somebody has accepted for an image, each with its hash: a line {@code purl sha256} each, sorted. Our own jars are
 * not in it, as they change with every commit.
 *
 * @param hashes by purl
 */
record Lock(Map<String, String> hashes) {
    private static final String HOW_TO_ACCEPT = "; when that is wanted: make lock, and review the change of %s";

    Lock {
        hashes = Collections.unmodifiableMap(new TreeMap<>(hashes));
    }

    static Lock read(Path file) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", -1);
                if (words.length != 2 || !words[1].matches("[0-9a-f]{64}")) {
                    throw new Refusal(file + ": not a purl and a SHA-256: " + line);
                }
                hashes.put(words[0], words[1]);
            }
        }
        return new Lock(hashes);
    }

    /** What differs in the image from what was accepted, in words; none when all is as it was. */
    List<String> faults(Lock built, String file) {
        List<String> faults = new ArrayList<>();
        built.hashes.forEach((purl, hash) -> {
            String accepted = hashes.get(purl);
            if (accepted == null) {
                faults.add(purl + " is new in the image" + HOW_TO_ACCEPT.formatted(file));
            } else if (!accepted.equals(hash)) {
                faults.add(purl + " has the hash " + hash + ", not the accepted " + accepted
                        + HOW_TO_ACCEPT.formatted(file));
            }
        });
        hashes.keySet().stream()
                .filter(purl -> !built.hashes.containsKey(purl))
                .forEach(purl -> faults.add(purl + " is no longer in the image" + HOW_TO_ACCEPT.formatted(file)));
        return faults;
    }

    void write(Path file) throws IOException {
        Files.writeString(
                file,
                hashes.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
    }
}
