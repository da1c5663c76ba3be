package io.vitals.health.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vitals.kit.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import org.openapitools.openapidiff.core.output.MarkdownRender;
import org.yaml.snakeyaml.Yaml;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract breaks nobody who was promised the released one, {@code src/test/resources/released-openapi.yaml}, unless
 * its major version moves. A release copies the contract there.
 */
class CompatibilityTest {
    private static final String RELEASED = "/released-openapi.yaml";

    @Test
    void the_contract_keeps_what_the_released_one_promised() throws IOException {
        String released = text(RELEASED);
        String present = text("/openapi.yaml");
        if (major(present) == major(released)) {
            ChangedOpenApi change = compare(released, present);
            assertThat(change.isIncompatible())
                    .as("info.version is still of the same major version, but:\n" + words(change))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a route goes | /api/v1/me: | /api/v1/myself:",
                "a required field goes | required: [days, next_cursor] | required: [days]",
                "a field changes its type | is_final: {type: boolean} | is_final: {type: string}",
                "a field may be null from now on | is_final: {type: boolean} | is_final: {type: [boolean, 'null']}",
                "a value is added that readers do not know | source: {enum: [whoop, sahha]} | source: {enum: [whoop, sahha, ring]}",
                "a parameter is asked for | - {name: limit, in: query | - {name: limit, required: true, in: query"
            })
    void what_breaks_a_client_is_found(String what, String old, String now) throws IOException {
        String released = text(RELEASED);
        assertThat(released).as("what is to be changed").contains(old);
        assertThat(compare(released, released.replace(old, now)).isIncompatible())
                .as(what)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing | is_final | is_final",
                "a field is added | is_final: {type: boolean} | is_final: {type: boolean}\\n        mood: {type: string}",
                "a text | summary: The merged records | summary: All merged records"
            })
    void what_breaks_nobody_passes(String what, String old, String now) throws IOException {
        String released = text(RELEASED);
        assertThat(compare(released, released.replace(old, now.replace("\\n", "\n")))
                        .isIncompatible())
                .as(what)
                .isFalse();
    }

    private static ChangedOpenApi compare(String old, String now) {
        return OpenApiCompare.fromContents(comparable(old), comparable(now));
    }

    /** The comparison sees types as OpenAPI 3.0 has them; "or null", which that has no type for, goes into the format. */
    private static String comparable(String contract) {
        ObjectNode document = Json.mapper().valueToTree(new Yaml().load(contract));
        document.put("openapi", "3.0.3");
        for (JsonNode owner : document.findParents("type")) {
            if (owner instanceof ObjectNode schema && schema.path("type") instanceof ArrayNode types) {
                schema.put("type", types.path(0).asText());
                schema.put("format", types + schema.path("format").asText());
            }
        }
        return document.toString();
    }

    private static int major(String contract) {
        JsonNode document = Json.mapper().valueToTree(new Yaml().load(contract));
        return Integer.parseInt(document.path("info").path("version").asText().split("\\.", 2)[0]);
    }

    private static String words(ChangedOpenApi change) {
        var bytes = new ByteArrayOutputStream();
        new MarkdownRender().render(change, new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = CompatibilityTest.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
