package io.vitals.journey.recovery;

import io.vitals.journey.drill.Exporter;
import io.vitals.journey.stack.Part;
import io.vitals.journey.stack.Tools;
import io.vitals.sandbox.postgres.SandboxPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The figure that the alert of a stalled archive looks at comes of the real archiver: it falls with each segment, and grows without. */
@Tag("recovery")
class ArchiveAgeTest {
    private static final String METRIC = "cnpg_pg_stat_archiver_seconds_since_last_archival";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void theAgeOfTheArchiveIsThatOfItsLastSegment(@TempDir Path folder) throws Exception {
        assertThat(Tools.ROOT.resolve("gitops/data/health/components/backup/prometheusrule.yaml"))
                .content()
                .contains(METRIC + "{");
        try (var bucket = new Bucket(folder.resolve("bucket"));
                var server = SandboxPostgres.temporary()) {
            Archiving.on(
                    server,
                    new Barman(bucket, "health-v1"),
                    Production.read(),
                    Duration.ofHours(1),
                    folder.resolve("archive"));
            try (Part exporter = Exporter.start(server, folder, List.of("pg_stat_archiver"))) {
                segment(server);
                await("a segment is archived")
                        .atMost(PATIENCE)
                        .until(() -> value(exporter, "cnpg_pg_stat_archiver_archived_count") > 0);
                bucket.stop();
                segment(server);
                await("a segment fails")
                        .atMost(PATIENCE)
                        .until(() -> value(exporter, "cnpg_pg_stat_archiver_failed_count") > 0);
                double stalled = value(exporter, METRIC);
                await("its age grows").atMost(PATIENCE).until(() -> value(exporter, METRIC) > stalled + 5);
                double before = value(exporter, METRIC);
                bucket.startAgain();
                await("it falls when the bucket is back")
                        .atMost(PATIENCE)
                        .until(() -> value(exporter, METRIC) < before);
            }
        }
    }

    private static void segment(SandboxPostgres server) throws SQLException {
        try (Connection connection = server.superuser("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'drill', 'something to archive')");
            statement.execute("SELECT pg_switch_wal()");
        }
    }

    private static double value(Part exporter, String name) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String page = http.send(
                            HttpRequest.newBuilder(URI.create("http://" + exporter.address() + "/metrics"))
                                    .timeout(Duration.ofSeconds(30))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            Matcher sample =
                    Pattern.compile("(?m)^" + name + "(?:\\{[^}]*})? (\\S+)$").matcher(page);
            return sample.find() ? Double.parseDouble(sample.group(1)) : -1;
        }
    }
}
