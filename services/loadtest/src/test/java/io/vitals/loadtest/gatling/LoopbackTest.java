package io.vitals.loadtest.gatling;

import io.vitals.loadtest.profile.DayShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LoopbackTest {
    private static final URI HERE = URI.create("http://127.0.0.1:8080");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080",
                "http://127.9.9.9/path",
                "http://localhost:1",
                "http://LOCALHOST/",
                "http://[::1]:9"
            })
    void loopbackIsTakenAsItIs(String address) {
        assertThat(Loopback.require(URI.create(address))).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://192.0.2.1",
                "http://10.0.0.1:8080",
                "http://0.0.0.0:8080",
                "http://169.254.169.254/",
                "http://vitals.example",
                "http://localhost.example",
                "http://127.0.0.1.example",
                "http://127.0.0.1@vitals.example",
                "http://member@127.0.0.1/",
                "http://[2001:db8::1]",
                "http://[::ffff:192.0.2.1]",
                "https://127.0.0.1",
                "ftp://127.0.0.1",
                "//127.0.0.1",
                "/path",
                "mailto:127.0.0.1"
            })
    void anyOtherPlaceIsRefused(String address) {
        assertThatThrownBy(() -> Loopback.require(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("load goes to http on loopback only");
    }

    @Test
    void noPlanHasAnotherPlaceInIt() {
        URI foreign = URI.create("http://vitals.example");
        assertThat(plan(HERE, HERE, HERE, HERE).health()).isEqualTo(HERE);

        assertThatThrownBy(() -> plan(foreign, HERE, HERE, HERE)).hasMessageContaining("vitals.example");
        assertThatThrownBy(() -> plan(HERE, foreign, HERE, HERE)).hasMessageContaining("vitals.example");
        assertThatThrownBy(() -> plan(HERE, HERE, foreign, HERE)).hasMessageContaining("vitals.example");
        assertThatThrownBy(() -> plan(HERE, HERE, HERE, foreign)).hasMessageContaining("vitals.example");
    }

    private static Plan plan(URI page, URI health, URI whoop, URI control) {
        return new Plan(
                page,
                health,
                whoop,
                control,
                Path.of("secret"),
                List.of(),
                0,
                List.of(),
                List.of(),
                DayShape.read(Path.of("day.yaml")),
                List.of());
    }
}
