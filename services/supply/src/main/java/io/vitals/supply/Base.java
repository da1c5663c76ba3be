package io.vitals.supply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What of an image comes neither from Maven nor from us: parts of Debian packages, the Java runtime. */
final class Base {
    private static final Path PACKAGES = Path.of("var/lib/dpkg/status.d");

    private Base() {}

    /** The packages whose description lies in the root of an image, in the order of their names. */
    static List<ObjectNode> packages(Path root) throws IOException {
        Path descriptions = root.resolve(PACKAGES);
        List<Path> files;
        try (Stream<Path> all = Files.list(descriptions)) {
            files = all.sorted().toList();
        }
        List<ObjectNode> packages = new ArrayList<>();
        for (Path file : files) {
            Map<String, String> fields = fields(file);
            String purl = "pkg:deb/debian/%s@%s?arch=%s"
                    .formatted(
                            field(fields, "Package", file),
                            URLEncoder.encode(field(fields, "Version", file), UTF_8)
                                    .replace("%3A", ":")
                                    .replace("%7E", "~"),
                            field(fields, "Architecture", file));
            packages.add(component("library", field(fields, "Package", file), field(fields, "Version", file), purl));
        }
        return packages;
    }

    private static Map<String, String> fields(Path file) throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            int colon = line.indexOf(": ");
            // A line that begins with a blank goes on with the field before.
            if (colon > 0 && !line.startsWith(" ")) {
                fields.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        return fields;
    }

    private static String field(Map<String, String> fields, String name, Path file) {
        String value = fields.get(name);
        if (value == null) {
            throw new Refusal(file + " names no " + name);
        }
        return value;
    }

    /** The Java runtime that jlink made, of the version that it says. */
    static ObjectNode java(Path home) throws IOException {
        Properties release = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        if (version.isEmpty()) {
            throw new Refusal(home + "/release names no JAVA_VERSION");
        }
        return component("platform", "openjdk", version, "pkg:generic/openjdk@" + version);
    }

    private static ObjectNode component(String type, String name, String version, String purl) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("bom-ref", purl)
                .put("name", name)
                .put("version", version)
                .put("purl", purl);
    }
}
