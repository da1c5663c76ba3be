package io.vitals.gitops.network;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Invalid;
import io.vitals.gitops.Program;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The policies decide as the table says, and each change in gitops/invalid/network is refused with the message that stands in it. */
class NetworkTest {
    private static final List<Rule> RULES = List.of(new ReachabilityRule());
    private static final Path INVALID = Program.ROOT.resolve("gitops/invalid/network");

    static Stream<String> changes() throws IOException {
        return Invalid.names(INVALID);
    }

    @Test
    void policiesAndTableSayTheSame() {
        assertThat(Findings.of(RULES.getFirst(), Tree.OURS)).isEmpty();
        assertThat(Reachability.of(Tree.OURS, "production").size()).isGreaterThan(50_000);
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
