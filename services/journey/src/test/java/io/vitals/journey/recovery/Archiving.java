package io.vitals.journey.recovery;

import io.vitals.sandbox.postgres.SandboxPostgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** Makes a server archive its log, by what production calls and as production says. */
final class Archiving {
    private Archiving() {}

    /** Takes a restart. */
    static void on(SandboxPostgres server, Barman barman, Production production, Duration timeout, Path script)
            throws IOException, SQLException {
        Map<String, String> settings = Map.of(
                "archive_mode",
                "on",
                "archive_command",
                "\"" + barman.archiveScript(script.toAbsolutePath(), production) + "\" %p",
                "archive_timeout",
                Long.toString(timeout.toSeconds()),
                // The log is read once more when all is written.
                "wal_keep_size",
                "4GB");
        try (Connection connection = server.superuser("postgres");
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> setting : settings.entrySet()) {
                statement.execute("ALTER SYSTEM SET " + setting.getKey() + " = '" + setting.getValue() + "'");
            }
        }
        server.stopNow();
        server.startAgain();
    }
}
