package io.vitals.gitops.apps;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Invalid;
import io.vitals.gitops.Program;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Each file of gitops/invalid is a change to the whole tree that must be refused, with the message that stands in it. */
class InvalidTest {
    private static final Path FOLDER = Program.ROOT.resolve("gitops/invalid");
    private static final Set<String> REFUSED_BY = new TreeSet<>();

    static Stream<String> changes() throws IOException {
        return Invalid.names(FOLDER);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isRefused(String name, @TempDir Path folder) throws IOException {
        Invalid invalid = Invalid.read(FOLDER.resolve(name));
        Tree tree = invalid.appliedIn(folder);

        var lines = new ArrayList<String>();
        for (Rule rule : Rules.ALL) {
            List<String> findings = Findings.of(rule, tree);
            lines.addAll(findings);
            if (findings.contains(invalid.refused())) {
                REFUSED_BY.add(rule.getClass().getSimpleName());
            }
        }

        assertThat(lines).contains(invalid.refused());
    }

    /** A rule that refuses nothing is none. */
    @AfterAll
    static void everyRuleRefusesSomething() {
        assertThat(REFUSED_BY)
                .containsAll(Rules.ALL.stream()
                        .map(rule -> rule.getClass().getSimpleName())
                        .collect(Collectors.toSet()));
    }
}
