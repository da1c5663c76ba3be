package io.vitals.supply;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The bill of materials of one image, in CycloneDX: the jars that Maven put on the class path, with hashes and licences, and what the
 * base holds. It carries neither the time nor a number of its own, so the same image has the same bill, byte for byte.
 */
final class ImageBom {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OUR_GROUP = "io.vitals";

    private final Path services;
    private final String name;
    private final Path target;

    ImageBom(Path tree, String name) {
        this.services = tree.resolve("services");
        this.name = name;
        this.target = services.resolve(name).resolve("target");
    }

    /**
     * Writes it.
     *
     * @param roots folders whose files are in the image, each with descriptions of the Debian packages that they are from
     */
    void write(List<Path> roots) throws IOException {
        Licences licences = Licences.read(services.resolve("supply/licences.txt"));
        ObjectNode bom = libraries();
        List<ObjectNode> components = new ArrayList<>();
        bom.path("components").forEach(component -> components.add((ObjectNode) component));
        if (bom.path("metadata").path("component") instanceof ObjectNode program) {
            hash(program, target.resolve(name + ".jar"));
            components.add(program);
        }
        for (Path root : roots) {
            components.addAll(Base.packages(root));
        }
        components.add(Base.java(services.resolve("runtime/target/java")));
        components.sort(Comparator.comparing(component -> component.path("purl").asText()));
        components.forEach(licences::name);
        image(bom, components);
        Files.createDirectories(target);
        Files.writeString(target.resolve("bom.json"), pretty(bom));
    }

    /** What in it nobody has accepted, in words. */
    List<String> faults() throws IOException {
        Licences licences = Licences.read(services.resolve("supply/licences.txt"));
        JsonNode bom = read();
        List<String> faults = new ArrayList<>();
        bom.path("components").forEach(component -> licences.fault(component).ifPresent(faults::add));
        faults.addAll(Lock.read(lock()).faults(locked(bom), "services/" + name + "/bom.lock"));
        return faults;
    }

    /** Takes all libraries of the bill as they are for good. */
    void accept() throws IOException {
        locked(read()).write(lock());
    }

    JsonNode read() throws IOException {
        Path file = target.resolve("bom.json");
        if (!Files.exists(file)) {
            throw new Refusal(file + " is not there: make images writes it");
        }
        return JSON.readTree(file.toFile());
    }

    /** What the Maven plug-in wrote, without the time; a bill with nothing in it for an image that holds no jar. */
    private ObjectNode libraries() throws IOException {
        Path file = target.resolve("libraries.json");
        if (Files.exists(file) && JSON.readTree(file.toFile()) instanceof ObjectNode bom) {
            if (bom.path("metadata") instanceof ObjectNode metadata) {
                metadata.remove("timestamp");
            }
            bom.remove("serialNumber");
            return bom;
        }
        ObjectNode bom = JSON.createObjectNode();
        bom.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
        return bom;
    }

    /** Makes it the bill of the image, which depends on all that lies in it directly: on our program, not again on its libraries. */
    private void image(ObjectNode bom, List<ObjectNode> components) {
        String reference = "image:" + name;
        ObjectNode image = JSON.createObjectNode()
                .put("type", "container")
                .put("bom-ref", reference)
                .put("name", "vitals/" + name);
        ObjectNode metadata = bom.path("metadata") instanceof ObjectNode said ? said : bom.putObject("metadata");
        String version = metadata.path("component").path("version").asText();
        if (!version.isEmpty()) {
            image.put("version", version);
        }
        metadata.set("component", image);
        bom.putArray("components").addAll(components);

        ArrayNode dependencies =
                bom.path("dependencies") instanceof ArrayNode said ? said : bom.putArray("dependencies");
        Set<String> below = new HashSet<>();
        dependencies.forEach(one -> one.path("dependsOn").forEach(other -> below.add(other.asText())));
        ArrayNode direct = dependencies.insertObject(0).put("ref", reference).putArray("dependsOn");
        components.stream()
                .map(component -> component.path("bom-ref").asText())
                .filter(part -> !below.contains(part))
                .forEach(direct::add);
    }

    private static void hash(ObjectNode component, Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new Refusal(file + " is not there: mvn package makes it");
        }
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(Files.readAllBytes(file)));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pretty(JsonNode bom) throws IOException {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        return JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines))
                        .writeValueAsString(bom)
                + "\n";
    }

    private Path lock() {
        return services.resolve(name).resolve("bom.lock");
    }

    private static Lock locked(JsonNode bom) {
        Map<String, String> hashes = new TreeMap<>();
        for (JsonNode component : bom.path("components")) {
            String purl = component.path("purl").asText();
            if (purl.startsWith("pkg:maven/")
                    && !component.path("group").asText().equals(OUR_GROUP)) {
                hashes.put(purl, sha256(component));
            }
        }
        return new Lock(hashes);
    }

    static String sha256(JsonNode component) {
        for (JsonNode hash : component.path("hashes")) {
            if (hash.path("alg").asText().equals("SHA-256")) {
                return hash.path("content").asText();
            }
        }
        throw new Refusal(component.path("purl").asText() + " has no SHA-256 in its bill");
    }
}
