package io.vitals.gitops.platform;

import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The life of sealed secrets, as tools/sealed-secrets leads it, in a repository of its own and against a stand-in of a cluster. */
class SealedSecretsTest {
    private static final String SECRET = "sealed-secrets/production/health-api-production/health-api-database.yaml";
    private static final String CERTIFICATE = "sealed-secrets/certs/production.pem";

    @TempDir
    Path scratch;

    private Path folder;
    private ControllerStandIn cluster;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void aRepositoryAndItsCluster() throws IOException {
        folder = Files.createDirectories(scratch.resolve("repository"));
        for (String part : List.of("gitops/apps", "sealed-secrets", "tools", "docs/platform")) {
            Tree.copy(folder, part);
        }
        cluster = new ControllerStandIn(scratch.resolve("cluster"));
        cluster.renew();
        environment.put("KUBECONFIG", cluster.kubeconfig("production").toString());
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            environment.put("GIT_" + who + "_NAME", "somebody");
            environment.put("GIT_" + who + "_EMAIL", "somebody@users.noreply.github.com");
        }
        run("git", "init", "-q", "-b", "main").orThrow();
        commit("as it is");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whatWasSealedForAnOlderKeyIsSealedForTheNewestWithTheSameValuesAndGoesToThePodsByARelease()
            throws IOException {
        onlyOneSecretIsLeft();
        tool("certificate", "production").orThrow();
        seal();
        run("tools/sealed-checksum", "health-api", "production").orThrow();
        commit("sealed");
        String before = read(SECRET);

        assertThat(tool("reseal", "production").err())
                .contains("all is sealed for the newest certificate of production");
        assertThat(read(SECRET)).isEqualTo(before);

        var newest = cluster.renew();
        assertThat(tool("reseal", "production").orThrow()).isEqualTo(SECRET + "\n");
        String after = read(SECRET);
        assertThat(read(CERTIFICATE)).isEqualTo(Files.readString(newest.certificate()));
        // Nothing else of the file is another, and the newest key alone opens it.
        assertThat(withoutWhatIsSealed(after)).isEqualTo(withoutWhatIsSealed(before));
        assertThat(after).isNotEqualTo(before);
        assertThat(run("git", "diff", "--name-only").orThrow().lines())
                .containsExactly("gitops/apps/health-api/overlays/production/sealed.yaml", CERTIFICATE, SECRET);
        assertThat(SealingKeys.open(newest.key(), folder.resolve(SECRET)).orThrow())
                .contains("\"Y29ycmVjdCBob3JzZQ==\"");
    }

    @Test
    void nothingIsWrittenWhenTheClusterDoesNotOpenOneOfThem() throws IOException {
        // These are sealed for a key that this cluster has not.
        var answer = tool("reseal", "production");
        assertThat(answer.code()).isEqualTo(65);
        assertThat(answer.err()).contains("the controller of production does not open it");
        assertThat(run("git", "diff", "--name-only").orThrow()).isEqualTo(CERTIFICATE + "\n");
        assertThat(run("git", "status", "--porcelain").orThrow()).doesNotContain("??");
    }

    @Test
    void theCertificateOfAnUnknownOrUnreachableClusterIsRefusedAndTheOldOneStays() throws IOException {
        assertThat(tool("certificate", "nowhere").err())
                .isEqualTo("vitals: there is no cluster nowhere in sealed-secrets/certs\n");
        cluster.close();
        var answer = tool("certificate", "production");
        assertThat(answer.code()).isEqualTo(69);
        assertThat(answer.err()).contains("vitals: the controller of production does not answer");
        assertThat(run("git", "status", "--porcelain").orThrow()).isEmpty();
    }

    @Test
    void aBackupIsEncryptedAndOpensASecretWithoutACluster() throws IOException {
        assumeTrue(found("kubectl") && found("gpg"), "kubectl or gpg is not installed");
        tool("certificate", "production").orThrow();
        seal();

        assertThat(tool("backup", "production", "keys.gpg").err())
                .isEqualTo("vitals: for whom? AGE_RECIPIENTS_FILE or GPG_RECIPIENT\n");
        environment.put("GPG_RECIPIENT", "somebody");
        assertThat(tool("backup", "production", "keys.gpg").err())
                .isEqualTo("vitals: GPG_RECIPIENT is a fingerprint of 40 digits\n");

        // A short path: gpg's agent listens on a socket there.
        Path home = Files.createTempDirectory("gpg");
        environment.put("GNUPGHOME", home.toString());
        run(
                        "gpg",
                        "--batch",
                        "--quiet",
                        "--passphrase",
                        "",
                        "--quick-generate-key",
                        "backup@users.noreply.github.com",
                        "rsa2048",
                        "encrypt")
                .orThrow();
        environment.put(
                "GPG_RECIPIENT",
                run("gpg", "--batch", "--with-colons", "--list-keys")
                        .orThrow()
                        .lines()
                        .filter(line -> line.startsWith("fpr:"))
                        .map(line -> line.split(":", -1)[9])
                        .findFirst()
                        .orElseThrow());
        try {
            tool("backup", "production", "keys.gpg").orThrow();
            Path backup = folder.resolve("keys.gpg");
            assertThat(Files.readAllBytes(backup)).isNotEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
            assertThat(new String(Files.readAllBytes(backup), ISO_8859_1)).doesNotContain("tls.key");
            run("gpg", "--batch", "--quiet", "--output", "keys.yaml", "--decrypt", "keys.gpg")
                    .orThrow();
        } finally {
            run("gpgconf", "--kill", "gpg-agent");
            delete(home);
        }

        assertThat(tool("recover", "nothing.yaml", SECRET).err())
                .isEqualTo("vitals: there is no file of keys nothing.yaml\n");
        tool("recover", "keys.yaml", SECRET).orThrow();
        Path recovered = folder.resolve("recovered");
        assertThat(Files.readString(recovered)).contains("Y29ycmVjdCBob3JzZQ==");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(recovered)))
                .isEqualTo("rw-------");
        assertThat(tool("recover", "keys.yaml", SECRET).err()).isEqualTo("vitals: ./recovered is there already\n");

        Files.delete(recovered);
        var foreign = tool("recover", "keys.yaml", SECRET.replace("database", "secrets"));
        assertThat(foreign.err()).contains("none of these keys opens");
        assertThat(recovered).doesNotExist();
    }

    @Test
    void aPullRequestListsWhatIsDue() throws IOException {
        Path origin = scratch.resolve("origin.git");
        run("git", "clone", "-q", "--bare", folder.toString(), origin.toString())
                .orThrow();
        run("git", "remote", "add", "origin", origin.toString()).orThrow();
        for (Path file : Sources.below(Tree.OURS, "sealed-secrets").keySet()) {
            rotateBy(file.toString(), "2999-01-01");
        }
        commit("all is new");
        assertThat(tool("pull-request").orThrow()).isEqualTo("nothing is due\n");

        rotateBy(SECRET, "2020-01-01");
        assertThat(tool("pull-request").err()).isEqualTo("vitals: there are changes that are not committed\n");
        commit("one is old");
        tool("pull-request").orThrow();
        String branch = run("git", "branch", "--show-current").orThrow().strip();
        assertThat(branch).matches("rotate-\\d{4}-\\d{2}-\\d{2}");
        assertThat(run("git", "-C", origin.toString(), "show", branch + ":sealed-secrets/due.txt")
                        .orThrow())
                .isEqualTo("2020-01-01 wellness " + SECRET + "\n");
        assertThat(run("git", "diff", "--name-only", "main", branch).orThrow()).isEqualTo("sealed-secrets/due.txt\n");
        assertThat(Files.readString(scratch.resolve("gh.txt")))
                .startsWith("pr create --title Secrets that have to be changed --body 2020-01-01");
        // At midnight its name becomes another.
        run(
                        "git",
                        "branch",
                        "rotate-"
                                + LocalDate.parse(branch.substring("rotate-".length()))
                                        .plusDays(1))
                .orThrow();
        assertThat(tool("pull-request").err()).matches("vitals: there is a branch rotate-[0-9-]+ already\n");
    }

    private void seal() throws IOException {
        Files.writeString(scratch.resolve("username"), "health_app_a");
        Files.writeString(scratch.resolve("password"), "correct horse");
        run(
                        "tools/seal",
                        "production",
                        "health-api-production",
                        "health-api-database",
                        "username=../username",
                        "password=../password")
                .orThrow();
    }

    private void onlyOneSecretIsLeft() throws IOException {
        Path inventory = folder.resolve("sealed-secrets/inventory.yaml");
        String text = Files.readString(inventory);
        var kept = new StringBuilder(text.substring(0, text.indexOf("  - cluster:")));
        for (String entry : text.substring(text.indexOf("  - cluster:")).split("(?m)^(?=  - cluster:)", -1)) {
            if (entry.contains("name: health-api-database\n") && entry.contains("cluster: production")) {
                kept.append(entry);
            }
        }
        Files.writeString(inventory, kept);
    }

    private void rotateBy(String file, String date) throws IOException {
        Files.writeString(
                folder.resolve(file), read(file).replaceFirst("rotate-by: \"[0-9-]+\"", "rotate-by: \"" + date + "\""));
    }

    private static String withoutWhatIsSealed(String text) {
        return text.replaceAll("(?m)^    (username|password): .*$", "    $1").replaceAll("sealed-for: .*", "");
    }

    private boolean found(String program) {
        return run("bash", "-c", "command -v " + program).code() == 0;
    }

    private String read(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private void commit(String message) {
        run("git", "add", "-A").orThrow();
        run("git", "commit", "-q", "-m", message).orThrow();
    }

    private Program.Answer tool(String... arguments) {
        return run(Stream.concat(Stream.of("tools/sealed-secrets"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** With a gh that writes down what it is asked: nothing here may reach a forge. */
    private Program.Answer run(String... command) {
        try {
            Path bin = scratch.resolve("bin");
            if (!Files.exists(bin)) {
                Path gh = Files.createDirectories(bin).resolve("gh");
                Files.writeString(gh, "#!/bin/sh\necho \"$*\" >" + scratch.resolve("gh.txt") + "\n");
                Files.setPosixFilePermissions(gh, PosixFilePermissions.fromString("rwxr-xr-x"));
                environment.put("PATH", bin + ":" + System.getenv("PATH"));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (command[0].startsWith("tools/")) {
            command[0] = folder.resolve(command[0]).toString();
        }
        return Program.run(folder, environment, command);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
