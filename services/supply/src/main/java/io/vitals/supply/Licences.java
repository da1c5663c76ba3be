package io.vitals.supply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Which licences a part of an image may be under, and what those are called that say it in other words: {@code licences.txt}.
 *
 * @param allowed SPDX ids and expressions
 * @param names SPDX id by the name that a project gives its licence
 * @param parts SPDX id by the beginning of a purl, up to its version, for parts that say nothing that can be read
 */
record Licences(Set<String> allowed, Map<String, String> names, Map<String, String> parts) {
    static Licences read(Path file) throws IOException {
        Licences licences = new Licences(new HashSet<>(), new HashMap<>(), new HashMap<>());
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                licences.take(line, file);
            }
        }
        return licences;
    }

    private void take(String line, Path file) {
        String[] words = line.split(" ", 2);
        String[] sides = words.length == 2 ? words[1].split(" = ", -1) : new String[0];
        switch (words[0] + sides.length) {
            case "allow1" -> allowed.add(sides[0]);
            case "name2" -> names.put(sides[0], sides[1]);
            case "part2" -> parts.put(sides[0], sides[1]);
            default -> throw new Refusal(file + ": neither allow ID nor name NAME = ID nor part PURL = ID: " + line);
        }
    }

    /** Puts SPDX ids in place of what the project calls its licence. */
    void name(ObjectNode component) {
        String purl = component.path("purl").asText();
        Optional.ofNullable(parts.get(purl.replaceAll("@[^@]*$", ""))).ifPresent(id -> {
            component.remove("licenses");
            put(component.putArray("licenses"), id);
        });
        if (component.path("licenses") instanceof ArrayNode said) {
            ArrayNode licences = JsonNodeFactory.instance.arrayNode();
            Set<String> named = new HashSet<>();
            for (JsonNode licence : said) {
                String own = id(licence);
                String id = names.getOrDefault(own, own);
                if (!named.add(id)) {
                    continue;
                }
                if (id.equals(own)) {
                    licences.add(licence);
                } else {
                    put(licences, id);
                }
            }
            component.set("licenses", licences);
        }
    }

    private static void put(ArrayNode licences, String id) {
        if (id.contains(" ")) {
            licences.addObject().put("expression", id);
        } else {
            // The format has a closed list of ids, which knows none of these.
            licences.addObject().putObject("license").put(id.startsWith("LicenseRef-") ? "name" : "id", id);
        }
    }

    /** What is wrong with the component's licence, in words. Of several it is the user's choice, as Maven has it. */
    Optional<String> fault(JsonNode component) {
        List<String> ids = ids(component);
        String purl = component.path("purl").asText();
        if (ids.isEmpty()) {
            return Optional.of(
                    purl + " names no licence; when you know it: a line `part` in services/supply/licences.txt");
        }
        return ids.stream().anyMatch(allowed::contains)
                ? Optional.empty()
                : Optional.of(purl + " is under a licence that is not allowed: " + String.join(", ", ids)
                        + "; when it may be: services/supply/licences.txt");
    }

    static List<String> ids(JsonNode component) {
        return StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(Licences::id)
                .toList();
    }

    private static String id(JsonNode licence) {
        JsonNode named = licence.path("license");
        return licence.path("expression")
                .asText(named.path("id").asText(named.path("name").asText()));
    }
}
