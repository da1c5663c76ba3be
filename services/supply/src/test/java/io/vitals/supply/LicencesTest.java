package io.vitals.supply;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A part of an image under a licence that is not on the list is named; names and silence are read as the list says. */
class LicencesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Licences licences = new Licences(Set.of(), Map.of(), Map.of());

    @BeforeEach
    void read() throws IOException {
        licences = Licences.read(list("""
                # What may be in an image.
                allow Apache-2.0
                allow GPL-2.0-only WITH Classpath-exception-2.0

                name The Apache License, Version 2.0 = Apache-2.0
                part pkg:generic/openjdk = GPL-2.0-only WITH Classpath-exception-2.0
                """));
    }

    @Test
    void aListedLicencePasses() throws IOException {
        assertThat(licences.fault(component("[{'license': {'id': 'Apache-2.0'}}]")))
                .isEmpty();
    }

    @Test
    void anUnknownLicenceIsNamed() throws IOException {
        assertThat(licences.fault(component("[{'license': {'id': 'SSPL-1.0'}}]")))
                .hasValueSatisfying(fault -> assertThat(fault)
                        .contains("pkg:maven/org.example/a@1?type=jar", "not allowed: SSPL-1.0", "licences.txt"));
    }

    @Test
    void silenceIsNoLicence() throws IOException {
        assertThat(licences.fault(component("[]")))
                .hasValueSatisfying(
                        fault -> assertThat(fault).contains("pkg:maven/org.example/a@1?type=jar names no licence"));
    }

    @Test
    void ofSeveralOneIsEnough() throws IOException {
        assertThat(licences.fault(component("[{'license': {'id': 'SSPL-1.0'}}, {'license': {'id': 'Apache-2.0'}}]")))
                .isEmpty();
    }

    @Test
    void aNameInOtherWordsBecomesTheId() throws IOException {
        ObjectNode component = component(
                "[{'license': {'name': 'The Apache License, Version 2.0'}}, {'license': {'id': 'Apache-2.0'}}]");
        licences.name(component);
        assertThat(component.path("licenses")).hasToString("[{\"license\":{\"id\":\"Apache-2.0\"}}]");
        assertThat(licences.fault(component)).isEmpty();
    }

    @Test
    void whatSaysNothingIsReadAsTheListSays() {
        ObjectNode java = JSON.createObjectNode().put("purl", "pkg:generic/openjdk@25.0.3");
        licences.name(java);
        assertThat(java.path("licenses"))
                .hasToString("[{\"expression\":\"GPL-2.0-only WITH Classpath-exception-2.0\"}]");
        assertThat(licences.fault(java)).isEmpty();
    }

    @Test
    void aLineOfAnotherKindIsRefused() throws IOException {
        Path file = list("alow Apache-2.0\n");
        assertThatThrownBy(() -> Licences.read(file))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("alow Apache-2.0");
    }

    private Path list(String text) throws IOException {
        return Files.writeString(folder.resolve("licences.txt"), text);
    }

    private static ObjectNode component(String licences) throws IOException {
        ObjectNode component = JSON.createObjectNode().put("purl", "pkg:maven/org.example/a@1?type=jar");
        component.set("licenses", JSON.readTree(licences.replace('\'', '"')));
        return component;
    }
}
