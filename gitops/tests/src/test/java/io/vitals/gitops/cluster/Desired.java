package io.vitals.gitops.cluster;

import io.vitals.gitops.Program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The repository that the cluster reads, as somebody works in it: change, commit, merge. */
final class Desired {
    private static final Path WORK = Cluster.state().resolve("work");

    private Desired() {}

    /** Lets dev run an image, as the release workflow does; the commit that says so. */
    static String release(String service, Images.Image image) {
        latest();
        String id = LocalDate.now(ZoneOffset.UTC) + "-" + image.digest().substring(7, 19);
        if (service.equals("health-api")) {
            String probe = read("gitops/apps/health-api/overlays/dev/version.yaml")
                    .replaceAll("(?s).*  probe: (sha256:[0-9a-f]{64}).*", "$1");
            run("tools/set-version", service, "dev", image.digest(), id, probe);
        } else {
            run("tools/set-version", service, "dev", image.digest(), id);
        }
        return merge(service + " " + id + " in dev");
    }

    /** Changes a file; the commit of it. */
    static String change(String file, UnaryOperator<String> change) {
        latest();
        try {
            Path path = WORK.resolve(file);
            String before = Files.readString(path);
            String after = change.apply(before);
            if (before.equals(after)) {
                throw new IllegalArgumentException(file + " stays as it is");
            }
            Files.writeString(path, after);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return merge("change of " + file);
    }

    /** Moves a folder; the commit of it. */
    static String move(String from, String to) {
        latest();
        git("mv", from, to);
        return merge("move of " + from);
    }

    /** Seals values for this cluster and says so in what mounts them, as docs/platform/secrets.md has it. */
    static String seal(String namespace, String name, Map<String, byte[]> values) {
        latest();
        try {
            Path folder = Files.createTempDirectory(Cluster.state(), "values");
            try {
                var command = new ArrayList<>(List.of("tools/seal", "local", namespace, name));
                for (var value : values.entrySet()) {
                    Path file = folder.resolve(value.getKey());
                    Files.write(file, value.getValue());
                    command.add(value.getKey() + "=" + file);
                }
                run(command.toArray(String[]::new));
            } finally {
                Program.run(Cluster.state(), "rm", "-r", folder.toString()).orThrow();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("tools/sealed-checksum", namespace.replaceAll("-dev$", ""), "dev");
        return merge(name + " changed");
    }

    static Path file(String path) {
        return WORK.resolve(path);
    }

    /** Takes a commit back by another one, as docs/platform.md has it. */
    static String revert(String commit) {
        latest();
        git("revert", "--no-edit", commit);
        return push();
    }

    static String head() {
        return git("rev-parse", "HEAD").strip();
    }

    private static String merge(String message) {
        git("add", "--all");
        git("commit", "-qm", message);
        return push();
    }

    /** Argo CD is told of it, as the host of the repository would do. */
    private static String push() {
        git("push", "-q", "origin", "HEAD:main");
        String commit = head();
        Cluster.notice(commit);
        return commit;
    }

    private static void latest() {
        git("pull", "-q", "--rebase", "origin", "main");
    }

    private static String read(String file) {
        try {
            return Files.readString(WORK.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String git(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(command);
    }

    private static String run(String... command) {
        return Program.run(WORK, Map.of(), command).orThrow();
    }
}
