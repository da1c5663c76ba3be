package io.vitals.oncall;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import static io.vitals.oncall.Bridge.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class DurabilityTest {
    private static final Instant SINCE = NOON.minusSeconds(90);
    private static final Told DOWN = Told.about("health-api").fires("ServiceDown", SINCE);
    private static final String ID = IncidentId.of(DOWN.groupKey(), SINCE);

    @TempDir
    Path place;

    private Path folder;
    private Bridge bridge;

    @BeforeEach
    void start() throws IOException {
        folder = place.resolve("incidents");
        bridge = new Bridge(folder);
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void anIncidentIsTheSameAfterARestart() throws IOException {
        bridge.tell(DOWN);
        JsonNode before = bridge.incident(ID);
        bridge.restart();
        assertThat(bridge.incident(ID)).isEqualTo(before);
        assertThat(bridge.tell(DOWN).changed()).isFalse();
        assertThat(bridge.metric("oncall.incidents.open")).containsEntry("severity=critical", 1.0);
    }

    /** A crash leaves the incident as it was before, or as it was to be, and nothing between. */
    @Test
    void aHalfWrittenIncidentIsNone() throws IOException {
        bridge.tell(DOWN);
        byte[] whole = Files.readAllBytes(file());
        for (int length : List.of(0, 1, whole.length / 2, whole.length - 1)) {
            bridge.close();
            Files.delete(file());
            Files.write(folder.resolve(ID + ".draft"), Arrays.copyOf(whole, length));
            bridge = new Bridge(folder);
            assertThat(bridge.get("/api/v1/incidents/" + ID).status()).isEqualTo(404);
            assertThat(folder.resolve(ID + ".draft")).doesNotExist();
            assertThat(bridge.tell(DOWN).changed()).isTrue();
            assertThat(file()).hasBinaryContent(whole);
        }
    }

    /** What stands on a disk that is full ends in an error of the write. */
    @Test
    void aFullDiskIsSaidAndTriedAgain() throws IOException {
        Files.createSymbolicLink(folder.resolve(ID + ".draft"), Path.of("/dev/full"));
        Bridge.Answer full = bridge.tell(DOWN);
        assertThat(full.status()).isEqualTo(503);
        assertThat(file()).doesNotExist();
        assertThat(bridge.get("/api/v1/incidents").body().path("incidents")).isEmpty();
        assertThat(bridge.metric("oncall.notifications")).containsEntry("outcome=failed", 1.0);
        assertThat(bridge.tell(DOWN).changed()).isTrue();
        assertThat(file()).exists();
    }

    @Test
    void aFolderThatIsGoneIsSaidAndNothingAnsweredIsLost() throws IOException {
        bridge.tell(DOWN);
        Path away = place.resolve("away");
        Files.move(folder, away);
        assertThat(bridge.acknowledge(ID, "primary").status()).isEqualTo(503);
        assertThat(bridge.incident(ID).has("acknowledged_at")).isFalse();
        assertThat(bridge.metric("oncall.incident.acked")).isEmpty();
        Files.move(away, folder);
        assertThat(bridge.acknowledge(ID, "primary").changed()).isTrue();
        bridge.restart();
        assertThat(bridge.incident(ID).path("acknowledged_by").asText()).isEqualTo("primary");
    }

    @Test
    void whatIsNoIncidentIsNamedAndCostsNothingElse() throws IOException {
        bridge.tell(DOWN);
        byte[] whole = Files.readAllBytes(file());
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        Logger log = (Logger) LoggerFactory.getLogger(IncidentFiles.class);
        log.addAppender(lines);
        try {
            Files.write(folder.resolve("20261128-1158-0000000001.json"), Arrays.copyOf(whole, 99));
            Files.write(folder.resolve("20261128-1158-0000000002.json"), whole);
            Files.writeString(folder.resolve("20261128-1158-0000000003.json"), "{}");
            Files.writeString(folder.resolve("notes.txt"), "not looked at");
            bridge.restart();
        } finally {
            log.detachAppender(lines);
        }
        assertThat(bridge.metric("oncall.incident.files.unreadable").values()).containsExactly(3.0);
        assertThat(lines.list)
                .extracting(line -> String.valueOf(line.getKeyValuePairs()))
                .anyMatch(fields -> fields.contains("0000000001.json") && fields.contains("torn"))
                .anyMatch(fields -> fields.contains("0000000002.json") && fields.contains("not_a_record"))
                .anyMatch(fields -> fields.contains("0000000003.json"));
        assertThat(bridge.incident(ID).path("state").asText()).isEqualTo("open");
        assertThat(bridge.acknowledge(ID, "primary").changed()).isTrue();
    }

    @Test
    void whatHasBeenOverForLongIsForgotten() throws IOException {
        bridge.tell(DOWN);
        Told other = Told.about("whoop-service").fires("ServiceDown", SINCE);
        bridge.tell(other);
        bridge.tell(Told.about("health-api").over("ServiceDown", SINCE, NOON));
        bridge.pass(Duration.ofDays(30));
        bridge.restart();
        assertThat(file()).exists();
        bridge.pass(Duration.ofSeconds(1));
        bridge.restart();
        await().untilAsserted(() -> assertThat(file()).doesNotExist());
        // What lasts is kept, however long.
        assertThat(bridge.get("/api/v1/incidents").body().path("incidents")).hasSize(1);
    }

    @Test
    void aFolderIsOfOneOnly() throws IOException {
        assertThatThrownBy(() -> IncidentFiles.open(folder)).hasMessage("another process keeps its incidents there");
        IncidentFiles.open(place.resolve("other")).close();
    }

    private Path file() {
        return folder.resolve(ID + ".json");
    }
}
