package io.vitals.gitops.apps;

import io.vitals.gitops.Invalid;
import io.vitals.gitops.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Each file of gitops/invalid is a change to the whole tree that must be refused, by the rule and with the message that stand in it. */
class InvalidTest {
    private static final Path FOLDER = Program.ROOT.resolve("gitops/invalid");

    static Stream<String> changes() throws IOException {
        return Invalid.names(FOLDER);
    }

    @ParameterizedTest
    @MethodSource("changes")
    void isRefused(String name, @TempDir Path folder) throws IOException {
        Invalid.read(FOLDER.resolve(name)).isRefused(Rules.ALL, folder);
    }

    @Test
    void everyRuleRefusesSomething() throws IOException {
        Invalid.everyRuleRefusesSomething(Rules.ALL, FOLDER);
    }
}
