package io.vitals.journey.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The alerts of monitoring/rules. */
final class Rules {
    private static final YAMLMapper YAML = new YAMLMapper();

    private Rules() {}

    /** A file of them. */
    record Area(String name, JsonNode object) {}

    static List<Area> all() {
        var areas = new ArrayList<Area>();
        try (var files = Files.newDirectoryStream(Tools.ROOT.resolve("monitoring/rules"), "*.yaml")) {
            for (Path file : files) {
                JsonNode object = YAML.readTree(file.toFile());
                if (object.path("kind").asText().equals("PrometheusRule")) {
                    areas.add(new Area(file.getFileName().toString().replace(".yaml", ""), object));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return areas;
    }
}
