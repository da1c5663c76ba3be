package io.vitals.journey.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Barman's cloud tools, called as the plugin calls them in production, for one server and its bucket. */
final class Barman {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TIMES = Pattern.compile("(?m)^((?:begin|end)_time=)(.+)$");

    private final Path programs;
    private final Bucket bucket;
    private final String server;

    Barman(Bucket bucket, String server) {
        this.programs = Path.of(Tools.said(Tools.ROOT, "tools/barman/install"));
        this.bucket = bucket;
        this.server = server;
    }

    /** How a call ended, and all that it said. */
    record Outcome(int code, String said) {
        Outcome orThrow() {
            if (code != 0) {
                throw new IllegalStateException("Barman: exit code " + code + ": " + said);
            }
            return this;
        }
    }

    /** Where the objects of this server lie. */
    Path objects() {
        return bucket.objects().resolve("health").resolve(server);
    }

    /** A base backup of a running server; of which files, it asks the server. */
    void backup(int port, String user, String password, Production production) {
        List<String> options = new ArrayList<>(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
        options.addAll(List.of("--user", user, "--dbname", "postgres"));
        options.addAll(production.backupOptions());
        run("barman-cloud-backup", Map.of("PGPASSWORD", password), options, List.of())
                .orThrow();
    }

    /** The base backups, oldest first, as Barman tells them. */
    List<JsonNode> backups() throws IOException {
        String list = run("barman-cloud-backup-list", Map.of(), List.of("--format", "json"), List.of())
                .orThrow()
                .said();
        var backups = new ArrayList<JsonNode>();
        JSON.readTree(list).path("backups_list").forEach(backups::add);
        return backups;
    }

    /**
     * Fetches a base backup.
     *
     * @param which its id, or options that let Barman choose
     */
    Outcome restore(List<String> options, String which, Path data) {
        return run("barman-cloud-restore", Map.of(), options, List.of(which, data.toString()));
    }

    /** Deletes what a policy such as {@code RECOVERY WINDOW OF 35 DAYS} does not keep. */
    Outcome deleteBy(String policy) {
        return run("barman-cloud-backup-delete", Map.of(), List.of("--retention-policy", policy), List.of());
    }

    /** Lets a base backup be so old, in what Barman keeps of it. */
    void age(String backup, Duration by) throws IOException {
        Path object = objects().resolve("base").resolve(backup).resolve("backup.info");
        String info = TIMES.matcher(Files.readString(object))
                .replaceAll(time -> time.group(1)
                        + OffsetDateTime.parse(time.group(2).replace(' ', 'T')).minus(by));
        Bucket.replace(object, info.getBytes(StandardCharsets.UTF_8));
    }

    /** A script that the server calls for each segment; in its environment there is nothing but what it needs. */
    Path archiveScript(Path file, Production production) throws IOException {
        return script(file, "barman-cloud-wal-archive " + String.join(" ", production.archiveOptions()) + " %s \"$1\"");
    }

    Path restoreScript(Path file) throws IOException {
        return script(file, "barman-cloud-wal-restore %s \"$1\" \"$2\"");
    }

    private Path script(Path file, String call) throws IOException {
        String variables = bucket.environment().entrySet().stream()
                .map(variable -> "export " + variable.getKey() + "='" + variable.getValue() + "'\n")
                .sorted()
                .collect(Collectors.joining());
        String place =
                "--cloud-provider aws-s3 --endpoint-url " + bucket.endpoint() + " " + bucket.url() + " " + server;
        Files.writeString(file, "#!/bin/sh\n" + variables + "exec '" + programs + "'/" + call.formatted(place) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private Outcome run(String program, Map<String, String> secrets, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(programs.resolve(program).toString()));
        command.addAll(List.of("--cloud-provider", "aws-s3", "--endpoint-url", bucket.endpoint()));
        command.addAll(options);
        command.addAll(List.of(bucket.url(), server));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(bucket.environment());
        builder.environment().putAll(secrets);
        return Calls.run(builder);
    }
}
