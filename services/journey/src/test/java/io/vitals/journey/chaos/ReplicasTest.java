package io.vitals.journey.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.vitals.journey.process.MemberSession;
import io.vitals.probe.browser.Answer;
import io.vitals.sandbox.launcher.ServiceProcess;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.whoop.WhoopControl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.LocalDate;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A member connects, sleeps and disconnects while replicas of whoop-service are stopped, killed and started: nothing of it is seen. */
@ExtendWith(ChaosVitals.class)
class ReplicasTest {
    private static final long SEED = Long.getLong("vitals.chaos.seed", 20_261_127L);
    private static final int ENDS = Integer.getInteger("vitals.chaos.replica-ends", 3);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration OFTEN = Duration.ofMillis(250);

    private final Stack stack;
    private final WhoopControl whoop;
    private final MemberSession member;

    ReplicasTest(Stack stack) {
        this.stack = stack;
        this.whoop = stack.simulators().whoop().control();
        this.member = MemberSession.signIn(stack, "member-" + ChaosVitals.FREE_PERSON);
    }

    /** How a replica goes. */
    enum End {
        STOPPED,
        KILLED
    }

    @AfterEach
    void recover() {
        for (ServiceProcess replica : stack.whoopServices()) {
            if (!replica.isAlive()) {
                replica.start();
            }
            replica.awaitReady(PATIENCE);
        }
        member.disconnect();
    }

    @ParameterizedTest
    @EnumSource
    void a_member_sees_nothing_of_replicas_that_come_and_go(End end) throws Exception {
        var over = new AtomicBoolean();
        var ends = new AtomicInteger();
        CompletableFuture<Void> comingAndGoing = CompletableFuture.runAsync(() -> {
            var random = new Random(SEED);
            while (!over.get()) {
                replace(stack.whoopServices().get(random.nextInt(2)), end);
                ends.incrementAndGet();
            }
        });
        try {
            live(() -> ends.get() >= ENDS || comingAndGoing.isDone());
        } finally {
            over.set(true);
            comingAndGoing.join();
        }
        assertThat(ends).hasValueGreaterThanOrEqualTo(ENDS);
    }

    /** The replica goes and comes back; the next goes only when the balancers know that this one is there. */
    private static void replace(ServiceProcess replica, End end) {
        switch (end) {
            case STOPPED -> replica.stop(Duration.ofSeconds(45));
            case KILLED -> replica.kill();
        }
        replica.start();
        replica.awaitReady(PATIENCE);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    }

    /** Connects, then sleeps again and again until it is enough, then disconnects; every answer is one of success. */
    private void live(BooleanSupplier enough) {
        member.consent();
        assertThat(member.follow(stack.simulators().whoop().approve(member.startLink(), ChaosVitals.FREE_PERSON)))
                .endsWith("/?link=connected");
        await("history is there")
                .atMost(PATIENCE)
                .pollInterval(OFTEN)
                .until(() -> "current".equals(link().path("sync").path("state").asText()));
        await("days appear")
                .atMost(PATIENCE)
                .pollInterval(OFTEN)
                .until(() -> success(member.get("/api/v1/users/me/overview?period=yesterday"))
                        .path("enhanced_with_whoop")
                        .asBoolean());
        do {
            Sleep sleep = whoop.newSleep(ChaosVitals.FREE_PERSON).sleep();
            await("the new sleep is shown").atMost(PATIENCE).pollInterval(OFTEN).until(() -> shows(sleep));
            assertThat(link().path("state").asText()).isEqualTo("active");
        } while (!enough.getAsBoolean());
        member.disconnect();
        assertThat(link().path("state").asText()).isEqualTo("revoked");
    }

    private JsonNode link() {
        return success(member.get("/api/v1/users/me/links/whoop"));
    }

    private boolean shows(Sleep sleep) {
        LocalDate date = LocalDate.ofInstant(sleep.span().end(), sleep.span().offset());
        Answer day = member.get("/api/v1/users/me/days/" + date);
        assertThat(day.status()).as("%s", day.text()).isIn(200, 404);
        // The member's page asks for both.
        link();
        return day.text().contains(sleep.id().toString());
    }

    private static JsonNode success(Answer answer) {
        assertThat(answer.status()).as("%s", answer.text()).isEqualTo(200);
        return answer.json();
    }
}
