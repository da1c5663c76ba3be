package io.vitals.journey.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * An image as {@code docker save} and Jib write it.
 *
 * @param config what the image says of itself
 * @param layers from the base up
 */
record ImageTar(JsonNode config, List<Layer> layers) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A layer.
     *
     * @param compressed bytes as they are pushed
     */
    record Layer(long compressed, List<Entry> entries) {
        long unpacked() {
            return entries.stream().mapToLong(entry -> entry.content().length).sum();
        }
    }

    /**
     * What is in a layer.
     *
     * @param path without a slash at its beginning or end
     * @param mode permissions with set-user-id and the like
     */
    record Entry(String path, Kind kind, int mode, long user, long group, byte[] content) {}

    enum Kind {
        FILE,
        FOLDER,
        OTHER
    }

    static ImageTar read(Path file) throws IOException {
        Map<String, byte[]> parts = new HashMap<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                parts.put(entry.getName(), tar.readAllBytes());
            }
        }
        JsonNode manifest = JSON.readTree(parts.get("manifest.json")).path(0);
        List<Layer> layers = new ArrayList<>();
        for (JsonNode name : manifest.path("Layers")) {
            byte[] layer = Objects.requireNonNull(parts.get(name.asText()), name.asText());
            layers.add(new Layer(layer.length, entries(new GZIPInputStream(new ByteArrayInputStream(layer)))));
        }
        return new ImageTar(
                JSON.readTree(parts.get(manifest.path("Config").asText())).path("config"), List.copyOf(layers));
    }

    private static List<Entry> entries(InputStream layer) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(layer)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Kind kind =
                        entry.isDirectory() ? Kind.FOLDER : entry.isFile() && !entry.isLink() ? Kind.FILE : Kind.OTHER;
                entries.add(new Entry(
                        entry.getName().replaceAll("^[./]+|/+$", ""),
                        entry.isSymbolicLink() ? Kind.OTHER : kind,
                        entry.getMode() & 07777,
                        entry.getLongUserId(),
                        entry.getLongGroupId(),
                        tar.readAllBytes()));
            }
        }
        return List.copyOf(entries);
    }

    long compressed() {
        return layers.stream().mapToLong(Layer::compressed).sum();
    }

    long unpacked() {
        return layers.stream().mapToLong(Layer::unpacked).sum();
    }

    List<Entry> entries() {
        return layers.stream().flatMap(layer -> layer.entries().stream()).toList();
    }
}
