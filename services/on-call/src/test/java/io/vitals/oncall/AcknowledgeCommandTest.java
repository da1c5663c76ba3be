package io.vitals.oncall;

import io.vitals.kit.lifecycle.Options;
import io.vitals.kit.lifecycle.UsageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import static io.vitals.oncall.Bridge.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AcknowledgeCommandTest {
    @TempDir
    Path folder;

    private Bridge bridge;

    @BeforeEach
    void start() throws IOException {
        bridge = new Bridge(folder.resolve("incidents"));
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void itSignsAndSaysWhatBecameOfIt() throws Exception {
        String id = bridge.tell(Told.about("health-api").fires("ServiceDown", NOON.minusSeconds(90)))
                .incident();
        assertThat(acknowledge(Bridge.KEY.reveal(), "--incident", id, "--as", "secondary"))
                .isEqualTo(id + ": acknowledged by secondary");
        assertThat(acknowledge(Bridge.KEY.reveal(), "--incident", id, "--as", "secondary"))
                .isEqualTo(id + ": was acknowledged already by secondary");
        assertThat(acknowledge(Bridge.KEY.reveal(), "--incident", id, "--as", "secondary", "--action", "none"))
                .isEqualTo(id + ": action none, said by secondary");
        assertThat(bridge.incident(id).path("action").asText()).isEqualTo("none");
        assertThatThrownBy(() -> acknowledge("another".repeat(6), "--incident", id, "--as", "primary"))
                .isInstanceOf(AcknowledgeCommand.RefusedException.class)
                .hasMessageStartingWith("401");
        assertThatThrownBy(() -> acknowledge(Bridge.KEY.reveal(), "--incident", "none", "--as", "primary"))
                .isInstanceOf(AcknowledgeCommand.RefusedException.class)
                .hasMessageStartingWith("404");
    }

    @Test
    void itIsToldHowItIsCalled() {
        assertThatThrownBy(() -> acknowledge(Bridge.KEY.reveal(), "--as", "primary"))
                .isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> acknowledge(Bridge.KEY.reveal(), "--incident", "x", "--as", "Mira"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--as is not primary, secondary or manager");
        assertThatThrownBy(() ->
                        acknowledge(Bridge.KEY.reveal(), "--incident", "x", "--as", "primary", "--action", "some"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--action is not taken or none");
    }

    private String acknowledge(String key, String... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve("key"), key);
        return AcknowledgeCommand.run(
                Options.parse(AcknowledgeCommand.SYNTAX, List.of(arguments)),
                Map.of(
                        "VITALS_API_PORT", Integer.toString(bridge.port()),
                        "VITALS_ACKNOWLEDGEMENTS_KEY_FILE", file.toString()),
                Clock.fixed(NOON, ZoneOffset.UTC));
    }
}
