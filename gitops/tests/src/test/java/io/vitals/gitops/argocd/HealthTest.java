package io.vitals.gitops.argocd;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.gitops.Program;
import io.vitals.gitops.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import static org.assertj.core.api.Assertions.assertThat;

/** The health scripts, run on the cases of argocd/health/cases.yaml. */
class HealthTest {
    private static final String PREFIX = "resource.customizations.health.";
    private static final JsonNode SCRIPTS = Yaml.read(Program.ROOT.resolve("argocd/settings/configmap-argocd-cm.yaml"))
            .getFirst()
            .path("data");
    private static final JsonNode CASES = Yaml.read(Program.ROOT.resolve("argocd/health/cases.yaml"))
            .getFirst()
            .path("cases");

    record Case(String name, JsonNode json) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return StreamSupport.stream(CASES.spliterator(), false)
                .map(json -> new Case(
                        json.path("kind").asText() + ": " + json.path("case").asText(), json));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isJudged(Case one) {
        LuaValue health = run(one.json().path("kind").asText(), one.json().path("object"));
        assertThat(health.get("status").tojstring())
                .isEqualTo(one.json().path("status").asText());
        assertThat(health.get("message").isstring()).isTrue();
    }

    /** Every script is run with what it calls healthy, what it waits for and what is broken. */
    @Test
    void everyScriptHasCasesOfEachKind() {
        var scripts = new TreeSet<String>();
        SCRIPTS.fieldNames().forEachRemaining(key -> {
            if (key.startsWith(PREFIX)) {
                scripts.add(key.substring(PREFIX.length()));
            }
        });
        assertThat(scripts).isNotEmpty();
        for (String script : scripts) {
            var seen = new TreeSet<String>();
            cases().filter(one -> one.json().path("kind").asText().equals(script))
                    .forEach(one -> seen.add(one.json().path("status").asText()));
            assertThat(seen).as(script).containsAll(Set.of("Healthy", "Progressing", "Degraded"));
        }
    }

    private static LuaValue run(String kind, JsonNode object) {
        String script = SCRIPTS.path(PREFIX + kind).asText(null);
        assertThat(script).as("a script for %s", kind).isNotNull();
        Globals globals = JsePlatform.standardGlobals();
        globals.set("obj", lua(object));
        return globals.load(script, kind).call();
    }

    private static LuaValue lua(JsonNode node) {
        if (node.isObject()) {
            var table = new LuaTable();
            node.properties().forEach(entry -> table.set(entry.getKey(), lua(entry.getValue())));
            return table;
        }
        if (node.isArray()) {
            var table = new LuaTable();
            for (int i = 0; i < node.size(); i++) {
                table.set(i + 1, lua(node.get(i)));
            }
            return table;
        }
        if (node.isNumber()) {
            return LuaValue.valueOf(node.doubleValue());
        }
        return node.isBoolean()
                ? LuaValue.valueOf(node.asBoolean())
                : node.isNull() ? LuaValue.NIL : LuaValue.valueOf(node.asText());
    }
}
