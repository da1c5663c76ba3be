package io.vitals.supply;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is in which image under which licence, as a table for people; made of the bills of materials. */
final class LicenceReport {
    private LicenceReport() {}

    /** Writes {@code target/licences.md}. */
    static void write(Path tree, List<String> names) throws IOException {
        Map<String, Set<String>> images = new TreeMap<>();
        Map<String, String> licences = new TreeMap<>();
        Map<String, Integer> counts = new TreeMap<>();
        for (String name : names) {
            for (JsonNode component : new ImageBom(tree, name).read().path("components")) {
                String part = component.path("purl").asText().replaceAll("^pkg:|\\?.*$", "");
                String under = String.join(" or ", Licences.ids(component));
                if (licences.put(part, under) == null) {
                    counts.merge(under, 1, Integer::sum);
                }
                images.computeIfAbsent(part, ignored -> new TreeSet<>()).add(name);
            }
        }
        StringBuilder text =
                new StringBuilder("# Licences of what is in the images\n\n| Licence | Parts |\n|---|---|\n");
        counts.forEach((licence, count) ->
                text.append("| ").append(licence).append(" | ").append(count).append(" |\n"));
        text.append("\n| Part | Licence | Images |\n|---|---|---|\n");
        text.append(licences.entrySet().stream()
                .map(entry -> "| %s | %s | %s |\n"
                        .formatted(
                                entry.getKey(),
                                entry.getValue(),
                                String.join(", ", images.getOrDefault(entry.getKey(), Set.of()))))
                .collect(Collectors.joining()));
        Files.createDirectories(tree.resolve("target"));
        Files.writeString(tree.resolve("target/licences.md"), text);
    }
}
