package io.vitals.journey.build;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class MissingJdkTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    @TempDir
    Path noJdk;

    @Test
    void withoutItsJdkMakeRunSaysSoInOneLineAndStartsNothing() throws Exception {
        var builder = new ProcessBuilder("make", "--no-print-directory", "run")
                .directory(ROOT.toFile())
                .redirectErrorStream(true);
        builder.environment().put("VITALS_JDK", noJdk.toString());
        Process make = builder.start();
        String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(make.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(make.exitValue()).isNotZero();
        assertThat(output.lines().filter(line -> !line.startsWith("make")))
                .containsExactly("vitals: VITALS_JDK is not the home of a JDK 25");
    }
}
