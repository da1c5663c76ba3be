package io.vitals.gitops.platform;

import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** What tools/seal makes is opened again with the cluster's key and by nobody else; what it must not seal it refuses. */
class SealTest {
    private static final String[] WANTED = {"production", "health-api-production", "health-api-database"};

    @TempDir
    Path folder;

    private Path key;

    @BeforeEach
    void aTreeWithACertificateWhoseKeyIsKnown() throws IOException {
        Tree.copy(folder, List.of());
        try (Stream<Path> files = Files.walk(folder.resolve("tools"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path ours = Program.ROOT.resolve(folder.relativize(file));
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString(Files.isExecutable(ours) ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
        key = certificate(365);
        Files.writeString(folder.resolve("username"), "health_app_a");
        Files.writeString(folder.resolve("password"), "correct horse");
        Files.writeString(folder.resolve("empty"), "");
    }

    @Test
    void isOpenedWithTheKeyOfItsClusterUnderItsOwnNameOnly() throws IOException {
        seal("username=username", "password=password").orThrow();
        Path sealed = folder.resolve("sealed-secrets/production/health-api-production/health-api-database.yaml");
        assertThat(Files.readString(sealed)).doesNotContain("correct horse").contains("type: kubernetes.io/basic-auth");

        assertThat(open(sealed).orThrow()).contains(base64("correct horse"));

        Path moved = folder.resolve("moved.yaml");
        Files.writeString(moved, Files.readString(sealed).replace("health-api-production", "health-api-staging"));
        assertThat(open(moved).code()).isNotZero();
    }

    @Test
    void refusesWhatNobodyListed() {
        refused(
                "is not in sealed-secrets/inventory.yaml",
                "production",
                "health-api-production",
                "another",
                "username=username");
    }

    @Test
    void refusesAKeyThatTheSecretHasNot() {
        refused("has no key token", with("username=username", "token=password"));
    }

    @Test
    void refusesHalfASecret() {
        refused("password is missing", with("username=username"));
    }

    @Test
    void refusesNothing() {
        refused("password is empty", with("username=username", "password=empty"));
        refused("there is no such file", with("username=username", "password=nowhere"));
    }

    @Test
    void refusesACertificateThatEndsSoon() throws IOException {
        certificate(20);
        refused("ends within 30 days", with("username=username", "password=password"));
    }

    @Test
    void saysWhatIsDue() throws IOException {
        for (String[] command : new String[][] {{"init", "-q"}, {"add", "sealed-secrets"}}) {
            var git = new String[command.length + 1];
            git[0] = "git";
            System.arraycopy(command, 0, git, 1, command.length);
            Program.run(folder, git).orThrow();
        }
        Path one = folder.resolve("sealed-secrets/dev/health-api-dev/health-api-secrets.yaml");
        Files.writeString(
                one, Files.readString(one).replaceFirst("rotate-by: \"[0-9-]+\"", "rotate-by: \"2020-01-01\""));
        var due = Program.run(folder, "tools/sealed-secrets", "due", "0");
        assertThat(due.code()).isEqualTo(1);
        assertThat(due.out()).contains("2020-01-01 wellness sealed-secrets/dev/health-api-dev/health-api-secrets.yaml");

        Files.writeString(one, Files.readString(one).replaceFirst(" +vitals.io/rotate-by: .*\n", ""));
        var unknown = Program.run(folder, "tools/sealed-secrets", "due", "0");
        assertThat(unknown.err()).contains("does not say vitals.io/rotate-by");
    }

    private void refused(String reason, String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = "tools/seal";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var answer = Program.run(folder, command);
        assertThat(answer.code()).isNotZero();
        assertThat(answer.err()).contains(reason).doesNotContain("correct horse");
    }

    private Program.Answer seal(String... pairs) {
        var command = new String[pairs.length + 4];
        command[0] = "tools/seal";
        System.arraycopy(with(pairs), 0, command, 1, pairs.length + 3);
        return Program.run(folder, command);
    }

    private static String[] with(String... pairs) {
        return Stream.concat(Stream.of(WANTED), Stream.of(pairs)).toArray(String[]::new);
    }

    private Program.Answer open(Path sealed) {
        return SealingKeys.open(key, folder.resolve(sealed));
    }

    private Path certificate(int days) {
        Path made = folder.resolve("key.pem");
        SealingKeys.make(made, folder.resolve("sealed-secrets/certs/production.pem"), days);
        return made;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
