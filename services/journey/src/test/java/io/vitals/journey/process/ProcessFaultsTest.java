package io.vitals.journey.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.probe.browser.Answer;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.sahha.SahhaFault;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.time.LocalDate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a connected member sees while parts of Vitals or of the world around it are gone. */
@ExtendWith(RunningVitals.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PERSON = 2;

    private final Stack stack;
    private final WhoopControl whoop;
    private final Rows rows;
    private final MemberSession jonas;

    ProcessFaultsTest(Stack stack) {
        this.stack = stack;
        this.whoop = stack.simulators().whoop().control();
        this.rows = new Rows(stack);
        this.jonas = MemberSession.signIn(stack, "jonas");
    }

    @BeforeAll
    void connect() {
        jonas.connect(PERSON);
        // Tests before this one may have left little of the minute's quota, and history waits for the next.
        await().atMost(PATIENCE.multipliedBy(3)).until(jonas::isCurrent);
        await().atMost(PATIENCE).until(this::yesterdayHasWhoop);
    }

    @AfterEach
    void endFaults() {
        whoop.clearFaults();
        stack.simulators().sahha().fault(new SahhaFault.None());
        // A failed test must not take the others with it.
        stack.postgres().startAgain();
        if (!stack.whoopService().isAlive()) {
            stack.whoopService().start();
        }
        stack.whoopService().awaitReady(PATIENCE);
        stack.healthApi().awaitReady(PATIENCE);
    }

    @AfterAll
    void disconnect() {
        jonas.disconnect();
    }

    @Test
    void killing_the_service_between_the_204_and_the_work_loses_no_event() {
        whoop.failFor(WhoopEndpoint.api(), Duration.ofMinutes(5), new WhoopFault.Refuse(503));
        long before = rows.inboxOfWhoop();
        Sleep sleep = whoop.newSleep(PERSON).sleep();
        await().atMost(PATIENCE)
                .until(() -> rows.inboxOfWhoop() > before && whoop.figures().webhooksWaiting() == 0);
        long accepted = rows.inboxOfWhoop();

        stack.whoopService().kill();
        assertThat(rows.inboxOfWhoop()).isEqualTo(accepted);
        assertThat(rows.pendingInboxOfWhoop())
                .as("work was left to do when the process died")
                .isPositive();
        assertThat(shows(sleep)).isFalse();

        whoop.clearFaults();
        stack.whoopService().start();
        stack.whoopService().awaitReady(PATIENCE);
        // A claim that the killed worker held comes back after a minute, and may then meet a minute's quota used up.
        await("the night is served").atMost(PATIENCE.multipliedBy(3)).until(() -> shows(sleep));
        await("no event is left to work off")
                .atMost(PATIENCE.multipliedBy(3))
                .until(() -> rows.pendingInboxOfWhoop() == 0);
    }

    @Test
    void ten_seconds_without_the_database_end_in_recovery_and_not_in_a_crash() {
        long healthApi = stack.healthApi().pid();
        long whoopService = stack.whoopService().pid();
        stack.postgres().kill();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        !stack.healthApi().isReady() && !stack.whoopService().isReady());
        Answer refused = jonas.get("/api/v1/users/me/days/" + today());
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Content-Type").orElse("")).startsWith("application/problem+json");

        await().pollDelay(Duration.ofSeconds(10)).atMost(PATIENCE).until(() -> true);
        stack.postgres().startAgain();
        stack.healthApi().awaitReady(PATIENCE);
        stack.whoopService().awaitReady(PATIENCE);
        assertThat(stack.healthApi().pid()).isEqualTo(healthApi);
        assertThat(stack.whoopService().pid()).isEqualTo(whoopService);
        Sleep sleep = whoop.newSleep(PERSON).sleep();
        await().atMost(PATIENCE).until(() -> shows(sleep));
    }

    @Test
    void stored_days_are_served_while_whoop_and_sahha_are_down() {
        whoop.failFor(WhoopEndpoint.all(), Duration.ofMinutes(5), new WhoopFault.Refuse(503));
        stack.simulators().sahha().fault(new SahhaFault.Down());
        assertThat(jonas.get("/api/v1/users/me/days/" + today().minusDays(3)).status())
                .isEqualTo(200);
        assertThat(yesterdayHasWhoop()).isTrue();
        assertThat(stack.healthApi().isReady())
                .as("the world's faults are not ours")
                .isTrue();
        assertThat(stack.whoopService().isReady()).isTrue();
    }

    @Test
    void a_new_sleep_is_served_soon_after_its_webhook() {
        Sleep sleep = whoop.newSleep(PERSON).sleep();
        await().atMost(Duration.ofSeconds(10)).until(() -> shows(sleep));
    }

    private boolean yesterdayHasWhoop() {
        JsonNode overview =
                jonas.get("/api/v1/users/me/overview?period=yesterday").json();
        return overview.path("enhanced_with_whoop").asBoolean();
    }

    private LocalDate today() {
        return stack.simulators().population().member(PERSON).today();
    }

    /** Whether the member's day of waking up tells of the sleep. */
    private boolean shows(Sleep sleep) {
        LocalDate date = LocalDate.ofInstant(sleep.span().end(), sleep.span().offset());
        return jonas.get("/api/v1/users/me/days/" + date)
                .text()
                .contains(sleep.id().toString());
    }
}
