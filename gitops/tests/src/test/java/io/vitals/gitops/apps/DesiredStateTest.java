package io.vitals.gitops.apps;

import io.vitals.gitops.Findings;
import io.vitals.gitops.Rule;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What is to run holds to every rule. That each rule refuses something is in InvalidTest. */
class DesiredStateTest {
    static List<Named<Rule>> rules() {
        return Rules.ALL.stream()
                .map(rule -> Named.of(rule.getClass().getSimpleName(), rule))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsTo(Rule rule) {
        assertThat(Findings.of(rule, Tree.OURS)).isEmpty();
    }
}
