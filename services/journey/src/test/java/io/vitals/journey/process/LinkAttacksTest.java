package io.vitals.journey.process;

import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.sahha.SahhaControl;
import io.vitals.sandbox.whoop.WebhookSettings;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Callbacks and webhooks that nobody may believe. */
@ExtendWith(RunningVitals.class)
class LinkAttacksTest {
    private static final int PERSON = 3;

    private final Stack stack;
    private final WhoopSimulator whoop;
    private final MemberSession jonas;

    LinkAttacksTest(Stack stack) {
        this.stack = stack;
        this.whoop = stack.simulators().whoop();
        this.jonas = MemberSession.signIn(stack, "jonas");
    }

    @BeforeEach
    void consent() {
        jonas.consent();
    }

    @AfterEach
    void disconnect() {
        jonas.disconnect();
    }

    @Test
    void denying_at_whoop_connects_nothing() {
        assertThat(jonas.follow(whoop.deny(jonas.startLink()))).endsWith("/?link=denied");
        assertThat(jonas.link().path("state").asText()).isIn("none", "revoked");
    }

    @Test
    void a_callback_works_once() {
        URI callback = whoop.approve(jonas.startLink(), PERSON);
        assertThat(jonas.follow(callback)).endsWith("/?link=connected");
        assertThat(jonas.follow(callback)).endsWith("/?link=invalid");
        assertThat(jonas.link().path("state").asText()).isEqualTo("active");
    }

    @Test
    void a_callback_in_another_session_is_refused_and_leaves_both_members_unconnected() {
        URI callback = whoop.approve(jonas.startLink(), PERSON);
        MemberSession otherBrowser = MemberSession.signIn(stack, "jonas");
        MemberSession withoutConsent = MemberSession.signIn(stack, "ada");
        assertThat(otherBrowser.follow(callback)).endsWith("/?link=invalid");
        assertThat(withoutConsent.get(callback.toString()).status()).isEqualTo(403);
        assertThat(jonas.link().path("state").asText()).isIn("none", "revoked");
    }

    @Test
    void webhooks_with_a_wrong_signature_are_not_taken_in() {
        var rows = new Rows(stack);
        WhoopControl control = whoop.control();
        long fromWhoop = rows.inboxOfWhoop();
        int failed = control.figures().webhookAttemptsFailed();
        control.webhooks(new WebhookSettings(0, false, false, true));
        control.sendEvent(1, UUID.randomUUID(), "sleep.updated", UUID.randomUUID());
        control.webhooks(WebhookSettings.HONEST);
        await().atMost(Duration.ofSeconds(20)).until(() -> control.figures().webhookAttemptsFailed() > failed);
        assertThat(rows.inboxOfWhoop()).isEqualTo(fromWhoop);

        long fromSahha = rows.inboxOfSahha();
        SahhaControl sahha = stack.simulators().sahha();
        byte[] body = "{\"id\":\"x\",\"externalId\":\"forged\"}".getBytes(StandardCharsets.UTF_8);
        sahha.sendRaw("ScoreCreatedIntegrationEvent", "forged", body, "a guess");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sahha.deliveries().stream()
                        .anyMatch(delivery -> delivery.externalId().equals("forged") && delivery.status() == 401));
        assertThat(rows.inboxOfSahha()).isEqualTo(fromSahha);
    }
}
