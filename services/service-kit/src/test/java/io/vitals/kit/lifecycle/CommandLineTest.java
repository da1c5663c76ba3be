package io.vitals.kit.lifecycle;

import io.vitals.kit.config.ConfigException;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class CommandLineTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void theFirstArgumentNamesTheCommandAndTheOthersAreItsOwn() {
        assertThat(run()).isZero();
        assertThat(run("migrate")).isZero();
        assertThat(run("remap", "--type", "sleep")).isZero();
        assertThat(done).containsExactly("serve", "migrate", "remap [--type, sleep]");
    }

    @Test
    void whatItDoesNotKnowItRefusesAndDoesNot() {
        assertThat(run("drop")).isEqualTo(2);
        assertThat(run("migrate", "twice")).isEqualTo(2);
        assertThat(run("serve", "--quietly")).isEqualTo(2);
        assertThat(run("remap")).isEqualTo(2);
        assertThat(done).isEmpty();
    }

    @Test
    void aCommandThatFailsSaysSoByTheExitStatus() {
        assertThat(CommandLine.run(
                        "test",
                        new String[0],
                        () -> {
                            throw new IllegalStateException("on purpose");
                        },
                        () -> done.add("migrate")))
                .isEqualTo(1);
        assertThat(CommandLine.run("test", new String[] {"migrate"}, () -> done.add("serve"), () -> {
                    throw new ConfigException(List.of("key: is missing"));
                }))
                .isEqualTo(2);
        assertThat(done).isEmpty();
    }

    private int run(String... arguments) {
        return CommandLine.run(
                "test", arguments, () -> done.add("serve"), () -> done.add("migrate"), Map.of("remap", options -> {
                    if (options.isEmpty()) {
                        throw new CommandLine.UsageException("--type TYPE");
                    }
                    done.add("remap " + options);
                }));
    }
}
