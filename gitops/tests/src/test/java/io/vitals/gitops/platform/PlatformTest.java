package io.vitals.gitops.platform;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Invalid;
import io.vitals.gitops.Program;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The platform holds to every rule, and each change in gitops/invalid/platform is refused with the message that stands in it. */
class PlatformTest {
    private static final List<Rule> RULES = List.of(
            new ComponentsRule(),
            new TracesRule(),
            new OrderRule(),
            new PlatformSchemaRule(),
            new ProjectsRule(),
            new RunbooksRule(),
            new SecretsRule());
    private static final Path INVALID = Program.ROOT.resolve("gitops/invalid/platform");

    static List<Named<Rule>> rules() {
        return RULES.stream()
                .map(rule -> Named.of(rule.getClass().getSimpleName(), rule))
                .toList();
    }

    static Stream<String> changes() throws IOException {
        return Invalid.names(INVALID);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsTo(Rule rule) {
        assertThat(Findings.of(rule, Tree.OURS)).isEmpty();
    }

    @Test
    void everyRuleRefusesSomething() throws IOException {
        Invalid.everyRuleRefusesSomething(RULES, INVALID);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isRefused(String name, @TempDir Path folder) throws IOException {
        Invalid.read(INVALID.resolve(name)).isRefused(RULES, folder);
    }
}
