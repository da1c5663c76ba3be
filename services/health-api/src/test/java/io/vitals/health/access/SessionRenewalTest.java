package io.vitals.health.access;

import io.vitals.health.testing.Browser;
import io.vitals.health.testing.Door;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Access tokens of 20 s, which is within the renewal time: every request of a session would renew. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionRenewalTest {
    private static final String ME = "/api/v1/me";
    private Door door;

    @BeforeAll
    void open() {
        door = new Door(Duration.ofSeconds(20));
    }

    @AfterAll
    void close() {
        door.close();
    }

    @Test
    void a_session_outlives_its_access_token_and_renewals_do_not_collide() throws Exception {
        Browser browser = door.browser();
        browser.signIn("mira");
        String cookie = "__Host-vitals=" + browser.cookies().get("__Host-vitals");
        // The issuer revokes a whole family when a refresh token comes twice, so a collision would end the session.
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> request =
                    () -> door.browser().get(ME, "Cookie", cookie).statusCode();
            List<Integer> statuses = pool
                    .invokeAll(IntStream.range(0, 12).mapToObj(i -> request).toList())
                    .stream()
                    .map(future -> future.resultNow())
                    .toList();
            assertThat(statuses).containsOnly(200);
        }
        assertThat(browser.get(ME).statusCode()).isEqualTo(200);
    }
}
