package io.vitals.kit.lifecycle;

import io.vitals.kit.config.ConfigException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommandLineTest {
    private static final Options.Syntax SYNTAX = new Options.Syntax(Set.of("from", "to"), Set.of("dry-run"));

    private final List<String> ran = new ArrayList<>();

    @Test
    void withoutACommandItServes() {
        assertThat(program().run()).isZero();
        assertThat(program().run("serve")).isZero();
        assertThat(program().run("copy", "--to", "x")).isZero();

        assertThat(ran).containsExactly("serve", "serve", "copy to x");
    }

    @Test
    void whatNobodyKnowsIsRefusedAndNothingRuns() {
        assertThat(program().run("sreve")).isEqualTo(2);
        assertThat(program().run("serve", "--dry-run")).isEqualTo(2);
        assertThat(program().run("copy", "--form", "x")).isEqualTo(2);
        assertThat(program().run("--to", "x")).isEqualTo(2);

        assertThat(ran).isEmpty();
    }

    @Test
    void theExitCodeTellsAFaultOfTheCallerFromOneOfOurs() {
        assertThat(program().run("unconfigured")).isEqualTo(2);
        assertThat(program().run("unusable")).isEqualTo(2);
        assertThat(program().run("broken")).isEqualTo(1);
    }

    @Test
    void aCheckAnswersByItsExitCode() {
        assertThat(program().run("well")).isZero();
        assertThat(program().run("ill")).isEqualTo(1);
        assertThat(program().run("lost")).isEqualTo(1);
        assertThat(program().run("unknown")).isEqualTo(2);
        assertThat(program().run("well", "--really")).isEqualTo(2);
    }

    @Test
    void optionsAreReadByName() throws UsageException {
        Options options = Options.parse(SYNTAX, List.of("--dry-run", "--from", "a"));

        assertThat(options.value("from")).contains("a");
        assertThat(options.value("to")).isEmpty();
        assertThat(options.flag("dry-run")).isTrue();
        assertThat(Options.parse(SYNTAX, List.of()).flag("dry-run")).isFalse();
    }

    @Test
    void optionsThatAreUnknownDoubledOrWithoutValueAreRefused() {
        for (List<String> arguments : List.of(
                List.of("--unknown"),
                List.of("from", "a"),
                List.of("-from", "a"),
                List.of("--from"),
                List.of("--from", "a", "--from", "b"),
                List.of("--dry-run", "--dry-run"),
                List.of("--dry-run=yes"))) {
            assertThatThrownBy(() -> Options.parse(SYNTAX, arguments))
                    .as("%s", arguments)
                    .isInstanceOf(UsageException.class);
        }
    }

    private CommandLine program() {
        return CommandLine.of("test")
                .command("serve", () -> ran.add("serve"))
                .command(
                        "copy",
                        "--to X",
                        SYNTAX,
                        options -> ran.add("copy to " + options.value("to").orElseThrow()))
                .command("unconfigured", () -> {
                    throw new ConfigException(List.of("db.url: is missing"));
                })
                .command("unusable", () -> {
                    throw new UsageException("nothing fits");
                })
                .check("well", Optional::empty)
                .check("ill", () -> Optional.of("not ready"))
                .check("lost", () -> {
                    throw new IllegalStateException("on purpose");
                })
                .check("unknown", () -> {
                    throw new ConfigException(List.of("management.port: is no number"));
                })
                .command("broken", () -> {
                    throw new IllegalStateException("on purpose");
                });
    }
}
