package io.vitals.journey.recovery;

import io.vitals.journey.stack.Tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server that was made of a base backup and the archive, in a folder of its own and at the address of the lost one. */
final class Restored implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private final Original original;
    private final Path folder;
    private final Process process;
    private final Duration fetched;
    private final Duration replayed;

    private Restored(Original original, Path folder, Process process, Duration fetched, Duration replayed) {
        this.original = original;
        this.folder = folder;
        this.process = process;
        this.fetched = fetched;
        this.replayed = replayed;
    }

    /**
     * Restores and returns when it can be written to.
     *
     * @param folder must be empty
     */
    static Restored make(Original original, Target target, Path folder) throws IOException, RestoreFailure {
        long start = System.nanoTime();
        fetch(original, target.choice(), "auto", folder);
        Duration fetched = since(start);
        return recover(original, target, folder, fetched);
    }

    /** The files of a base backup. */
    static void fetch(Original original, List<String> choice, String which, Path folder)
            throws IOException, RestoreFailure {
        Path data = Files.createDirectories(folder).resolve("data");
        Barman.Outcome outcome = original.barman().restore(choice, which, data);
        if (outcome.code() != 0) {
            throw new RestoreFailure("the base backup cannot be restored: " + lastLine(outcome.said()));
        }
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    }

    /** Lets the server replay the archive over what was fetched. */
    static Restored recover(Original original, Target target, Path folder, Duration fetched)
            throws IOException, RestoreFailure {
        long start = System.nanoTime();
        Path data = folder.resolve("data");
        var settings = new TreeMap<>(target.settings());
        settings.put("restore_command", "\"" + original.barman().restoreScript(folder.resolve("restore")) + "\" %f %p");
        settings.put("recovery_target_timeline", "current");
        settings.put("recovery_target_action", "promote");
        // It must not write over the archive that it is made of.
        settings.put("archive_mode", "off");
        var lines = new ArrayList<String>();
        settings.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
        Files.write(data.resolve("postgresql.auto.conf"), lines);
        Files.createFile(data.resolve("recovery.signal"));
        Process process = launch(original, folder);
        try {
            awaitPromotion(original, process, folder);
        } catch (RestoreFailure | RuntimeException e) {
            end(process);
            throw e;
        }
        return new Restored(original, folder, process, fetched, since(start));
    }

    private static Process launch(Original original, Path folder) throws IOException {
        var command = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            // PostgreSQL refuses to be root; in a namespace of its own it is nobody, and the files are still ours.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(original.postgres().toString(), "-D"));
        command.add(folder.resolve("data").toString());
        original.serverSettings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("postgres.log").toFile())
                .start();
    }

    private static void awaitPromotion(Original original, Process process, Path folder)
            throws IOException, RestoreFailure {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (!isPrimary(original)) {
            if (!process.isAlive()) {
                throw new RestoreFailure("PostgreSQL ended: " + reason(folder));
            }
            if (System.nanoTime() > end) {
                throw new RestoreFailure("not restored after " + LONGEST + ": " + reason(folder));
            }
            try {
                TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RestoreFailure("interrupted");
            }
        }
    }

    private static boolean isPrimary(Original original) {
        try (Connection connection = original.superuser("postgres");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT NOT pg_is_in_recovery()")) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** What the server said last that was fatal. */
    private static String reason(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("postgres.log")).stream()
                .filter(line -> line.contains("FATAL:") && !line.contains("the database system is"))
                .reduce((_, last) -> last)
                .map(line -> line.substring(line.indexOf("FATAL:")))
                .orElse("it does not say why");
    }

    Duration fetched() {
        return fetched;
    }

    Duration replayed() {
        return replayed;
    }

    /** Bytes of the whole cluster. */
    long size() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            return files.map(Path::toFile).mapToLong(java.io.File::length).sum();
        }
    }

    Path folder() {
        return folder;
    }

    Connection superuser(String database) throws SQLException {
        return original.superuser(database);
    }

    static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static String lastLine(String text) {
        return text.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("error"))
                .reduce((_, last) -> last)
                .or(() -> text.lines().reduce((_, last) -> last))
                .orElse("it does not say why");
    }

    private static void end(Process process) {
        // A fast shutdown: it does not wait for sessions.
        Calls.run(new ProcessBuilder("kill", "-INT", Long.toString(process.pid())));
        if (process.onExit()
                .completeOnTimeout(process, 60, TimeUnit.SECONDS)
                .join()
                .isAlive()) {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        end(process);
        Tools.delete(folder.resolve("data"));
    }
}
