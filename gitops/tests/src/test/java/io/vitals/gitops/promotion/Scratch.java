package io.vitals.gitops.promotion;

import io.vitals.gitops.Program;
import io.vitals.gitops.Tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** A repository of its own with the desired state as it is here, and a history that a test makes up. */
final class Scratch {
    static final String APP = "health-api";
    private static final String MIGRATIONS = "services/health-api/src/main/resources/db/migration/";
    private static final String CODE = "services/health-api/src/main/java/io/vitals/health/";

    private final Path root;
    private Instant clock = Instant.now().minus(Duration.ofDays(30));
    private int releases;

    Scratch(Path folder) {
        root = folder;
        Tree.copy(root, "gitops/apps");
        Tree.copy(root, "tools");
        git("init", "-q", "-b", "main");
        write("gitops/promotion.yaml", """
                soakMinutes:
                  production: 1440
                  staging: 60
                timeZone: Europe/Zurich
                freeze:
                  weekly:
                  dates:
                """);
        migration("V001__first.sql", "CREATE TABLE day (member text NOT NULL, score int, note text);");
        code("Days.java", "SELECT member, score, note FROM day");
        commit("the first");
    }

    /** Commits what is there as a release, and lets dev run it. */
    String release() {
        commit("code of a release");
        String commit = git("rev-parse", "HEAD").strip();
        String release = "2026-11-01-" + commit.substring(0, 12);
        releases++;
        set("dev", release);
        return release;
    }

    /** Lets an environment run a release, as if it had been promoted. */
    void set(String environment, String release) {
        run("tools/set-version", APP, environment, digest('a'), release, digest('b'))
                .orThrow();
        commit(environment + " runs " + release);
    }

    /** Of the newest release. */
    String digest(char which) {
        return "sha256:" + Character.toString(which).repeat(60) + String.format("%04d", releases);
    }

    void verified(String environment) {
        run("tools/promotion", "verified", environment, APP, "true").orThrow();
        commit("verified in " + environment);
    }

    void migration(String name, String sql) {
        write(MIGRATIONS + name, "-- why\n" + sql + "\n");
    }

    void code(String name, String text) {
        write(CODE + name, "class Code { String sql = \"" + text + "\"; }\n");
    }

    void write(String file, String text) {
        try {
            Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String read(String file) {
        try {
            return Files.readString(root.resolve(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void commit(String message) {
        git("add", "-A");
        git("commit", "-q", "--allow-empty", "-m", message);
    }

    /** The next commits are made that much later. */
    void later(Duration time) {
        clock = clock.plus(time);
    }

    /** The next commits are made now. */
    void now() {
        clock = Instant.now();
    }

    /** Files that the last commit changed. */
    List<String> changed() {
        return git("show", "--name-only", "--format=", "HEAD").lines().sorted().toList();
    }

    String git(String... arguments) {
        var command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return Program.run(root, environment(), command).orThrow();
    }

    Program.Answer run(String... command) {
        command[0] = root.resolve(command[0]).toString();
        return Program.run(root, environment(), command);
    }

    /** Copies a file or a folder of ours. */
    void take(String part) {
        Tree.copy(root, part);
    }

    Program.Answer shell(String commands) {
        return Program.run(root, environment(), "bash", "-c", commands);
    }

    Program.Answer make(String... command) {
        var words = new String[command.length + 2];
        words[0] = "make";
        words[1] = "-s";
        System.arraycopy(command, 0, words, 2, command.length);
        return Program.run(root, environment(), words);
    }

    void refused(String message, String... command) {
        String before = git("rev-parse", "HEAD");
        var answer = run(command);
        assertThat(answer.code()).as("%s", answer).isEqualTo(1);
        assertThat(answer.err().strip()).isEqualTo("vitals: " + message);
        assertThat(git("rev-parse", "HEAD")).isEqualTo(before);
        assertThat(git("diff", "--stat")).isEmpty();
    }

    private Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
        for (String who : new String[] {"AUTHOR", "COMMITTER"}) {
            environment.put("GIT_" + who + "_NAME", "somebody");
            environment.put("GIT_" + who + "_EMAIL", "somebody@users.noreply.github.com");
            environment.put("GIT_" + who + "_DATE", clock.toString());
        }
        return environment;
    }
}
