package io.vitals.health.access;

import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import io.vitals.sandbox.issuer.Account;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** Both ends of a session, with access tokens that outlive it, so that nothing else ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionEndTest {
    private static final String ME = "/api/v1/me";
    private Door door;

    @BeforeAll
    void open() {
        door = new Door(Door.ABSOLUTE.multipliedBy(2));
    }

    @AfterAll
    void close() {
        door.close();
    }

    @BeforeEach
    void reset() {
        door.clock().reset();
    }

    @Test
    void a_session_in_use_ends_at_its_absolute_end() {
        String token = "Bearer " + door.token(Account.MIRA);
        Browser browser = signedIn();
        for (Duration age = Duration.ofHours(1); age.compareTo(Door.ABSOLUTE) < 0; age = age.plusHours(1)) {
            door.clock().move(Duration.ofHours(1));
            assertThat(browser.get(ME).statusCode()).as("in use for %s", age).isEqualTo(200);
        }
        door.clock().move(Duration.ofMinutes(61));
        assertThat(browser.get(ME).statusCode()).isEqualTo(401);
        // Neither the account nor the time itself is what was refused.
        assertThat(door.browser().get(ME, "Authorization", token).statusCode()).isEqualTo(200);
        assertThat(signedIn().get(ME).statusCode()).isEqualTo(200);
    }

    @Test
    void a_session_that_is_not_used_ends_before() {
        Browser used = signedIn();
        Browser watched = signedIn();
        door.clock().move(Door.IDLE.minusMinutes(1));
        assertThat(used.get(ME).statusCode()).isEqualTo(200);
        door.clock().move(Duration.ofMinutes(2));
        assertThat(used.get(ME).statusCode()).as("used in time").isEqualTo(200);
        assertThat(watched.get(ME).statusCode()).as("not used at all").isEqualTo(401);
    }

    private Browser signedIn() {
        Browser browser = door.browser();
        browser.signIn("mira");
        return browser;
    }
}
