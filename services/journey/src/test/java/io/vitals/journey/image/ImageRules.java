package io.vitals.journey.image;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.journey.image.ImageTar.Entry;
import io.vitals.journey.image.ImageTar.Kind;
import io.vitals.sandbox.leaks.SecretScanner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * What must hold for each image.
 *
 * @param shell whether it may have one
 * @param ports what it says it listens on
 * @param foreign what must stand in no file, such as a folder of the machine that built it
 */
record ImageRules(boolean shell, Set<String> ports, SecretScanner foreign) {
    private static final long MEGABYTE = 1_000_000;
    private static final long MOST_COMPRESSED = 110 * MEGABYTE;
    private static final long MOST_UNPACKED = 260 * MEGABYTE;
    private static final int FEWER_LAYERS_THAN = 12;
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "busybox", "toybox");
    private static final Set<String> INSTALLERS =
            Set.of("apt", "apt-get", "dpkg", "apk", "rpm", "yum", "dnf", "curl", "wget", "nc", "python3", "perl");
    private static final List<String> LABELS = List.of("title", "version", "revision", "source", "licenses");
    private static final Set<String> HIDDEN_OPTIONS = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** Each thing that is wrong with the image, in words; none when all holds. */
    List<String> faults(ImageTar image) {
        List<String> faults = new ArrayList<>();
        if (image.layers().size() >= FEWER_LAYERS_THAN) {
            faults.add(image.layers().size() + " layers");
        }
        if (image.compressed() >= MOST_COMPRESSED) {
            faults.add(image.compressed() + " bytes compressed");
        }
        if (image.unpacked() >= MOST_UNPACKED) {
            faults.add(image.unpacked() + " bytes unpacked");
        }
        said(image.config(), faults);
        distribution(image, faults);
        image.entries().forEach(entry -> file(entry, faults));
        return faults;
    }

    private void said(JsonNode config, List<String> faults) {
        if (!config.path("User").asText().equals("10001:10001")) {
            faults.add("runs as " + config.path("User"));
        }
        for (String label : LABELS) {
            if (config.path("Labels")
                    .path("org.opencontainers.image." + label)
                    .asText()
                    .isBlank()) {
                faults.add("has no label " + label);
            }
        }
        if (!config.path("Entrypoint").path(0).asText().startsWith("/")) {
            faults.add("starts whatever is called " + config.path("Entrypoint").path(0));
        }
        Set<String> open = new TreeSet<>();
        config.path("ExposedPorts").fieldNames().forEachRemaining(port -> open.add(port.replace("/tcp", "")));
        if (!open.equals(new TreeSet<>(ports))) {
            faults.add("listens on " + open + ", not " + new TreeSet<>(ports));
        }
        StreamSupport.stream(config.path("Env").spliterator(), false)
                .map(variable -> variable.asText().replaceAll("=.*", ""))
                .filter(HIDDEN_OPTIONS::contains)
                .forEach(name -> faults.add("sets " + name));
    }

    /** Without it no scanner knows what the versions of the packages mean, and most then find nothing. */
    private static void distribution(ImageTar image, List<String> faults) {
        List<String> said = image.entries().stream()
                .filter(entry -> entry.path().equals("etc/os-release"))
                .flatMap(entry -> new String(entry.content(), UTF_8).lines())
                .toList();
        if (said.stream().noneMatch("ID=debian"::equals)
                || said.stream().noneMatch(line -> line.matches("VERSION_ID=\"\\d+\""))) {
            faults.add("etc/os-release names no Debian");
        }
    }

    private void file(Entry entry, List<String> faults) {
        String path = entry.path();
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (entry.user() != 0 || entry.group() != 0) {
            faults.add(path + " belongs to " + entry.user() + ":" + entry.group());
        }
        if (entry.kind() == Kind.OTHER) {
            faults.add(path + " is neither a file nor a folder");
        }
        if ((entry.mode() & 06000) != 0) {
            faults.add(path + " runs as its owner");
        }
        if ((entry.mode() & 02) != 0) {
            faults.add(path + " can be written by anybody");
        }
        boolean program = path.matches("(usr/)?(local/)?s?bin/[^/]+");
        if (program && (INSTALLERS.contains(name) || (!shell && SHELLS.contains(name)))) {
            faults.add(path + " is a way to run or fetch what is not in the image");
        }
        foreign.find(entry.content()).forEach(what -> faults.add(path + " holds " + what));
    }
}
