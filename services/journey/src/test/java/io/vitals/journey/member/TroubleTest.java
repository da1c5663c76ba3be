package io.vitals.journey.member;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.options.RequestOptions;
import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.sahha.SahhaFault;
import io.vitals.sandbox.whoop.WebhookSettings;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the member sees when somebody says no, plays foul or is away. */
@ExtendWith(RunningVitals.class)
class TroubleTest {
    private static final int WHOOP_MEMBER = 3;
    private static final Duration DATABASE_AWAY = Duration.ofSeconds(10);

    private static final Duration CATCHING_UP = Duration.ofMinutes(4);

    private static Chromium chromium;

    private final Stack vitals;
    private final WhoopControl whoop;
    private final String origin;
    private Visitor mira;

    TroubleTest(Stack vitals) {
        this.vitals = vitals;
        this.whoop = vitals.simulators().whoop().control();
        this.origin = vitals.pageUrl().toString();
        this.mira = chromium.visitor(origin);
    }

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }

    @BeforeEach
    void signIn() {
        Steps.signIn(mira, "Mira");
    }

    @AfterEach
    void calm() {
        whoop.clearFaults();
        whoop.webhooks(WebhookSettings.HONEST);
        vitals.simulators().sahha().fault(new SahhaFault.None());
        mira.open("/");
        if (mira.at("disconnect").count() > 0) {
            Steps.disconnect(mira);
        }
        mira.close();
    }

    @Test
    void consentDeniedAtWhoopConnectsNothingAndOffersAnotherTry() {
        Steps.startConnecting(mira);
        Steps.decide(mira, WHOOP_MEMBER, "Deny");
        assertThat(mira.at("notice")).hasAttribute("data-notice", "link-denied");
        assertThat(mira.at("connect")).isVisible();
        assertThat(whoop.linked(WHOOP_MEMBER)).isFalse();
        mira.at("notice-connect").click();
        Steps.decide(mira, WHOOP_MEMBER, "Allow");
        assertThat(mira.at("notice")).hasAttribute("data-notice", "link-connected");
    }

    @Test
    void aReplayedCallbackIsRefusedAndTheLinkStays() {
        AtomicReference<String> callback = new AtomicReference<>("");
        mira.page().onRequest(request -> {
            if (request.url().contains("/links/whoop/callback")) {
                callback.set(request.url());
            }
        });
        Steps.connect(mira, WHOOP_MEMBER);
        mira.open(callback.get());
        assertThat(mira.at("notice")).hasAttribute("data-notice", "link-invalid");
        assertThat(mira.at("link-word")).hasText("Connected");
    }

    @Test
    void aConnectionStartedByOnePersonCannotBeFinishedByAnother() throws IOException {
        try (Visitor jonas = chromium.visitor(origin)) {
            Steps.signIn(jonas, "Jonas");
            consent(mira);
            consent(jonas);
            APIResponse started = jonas.page()
                    .request()
                    .post(
                            "/api/v1/users/me/links/whoop",
                            RequestOptions.create().setHeader("Origin", origin));
            assertThat(started.status()).isEqualTo(201);
            String authorization = new ObjectMapper()
                    .readTree(started.body())
                    .get("authorization_url")
                    .asText();

            mira.page().navigate(authorization);
            Steps.decide(mira, WHOOP_MEMBER, "Allow");
            assertThat(mira.at("notice")).hasAttribute("data-notice", "link-invalid");
            assertThat(mira.at("connect")).isVisible();
            jonas.open("/");
            assertThat(jonas.at("connect")).isVisible();
        }
    }

    @Test
    void anEventWithAWrongSignatureChangesNothing() throws IOException, InterruptedException {
        Steps.connect(mira, WHOOP_MEMBER);
        Steps.awaitDays(mira);
        assertThat(mira.at("live-status")).hasAttribute("data-mode", "live");
        int refused = whoop.figures().webhookAttemptsFailed();
        whoop.webhooks(new WebhookSettings(0, false, false, true));
        Sleep untold = whoop.newSleep(WHOOP_MEMBER).sleep();
        await().atMost(Duration.ofSeconds(10)).until(() -> whoop.figures().webhookAttemptsFailed() > refused);
        Steps.showsAnotherNight(mira, untold);

        var forged = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + vitals.ports().whoopPublic() + "/webhooks/whoop"))
                .header("X-WHOOP-Signature", "Zm9yZ2Vk")
                .header(
                        "X-WHOOP-Signature-Timestamp",
                        String.valueOf(Instant.now().toEpochMilli()))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(forged, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(401);
        }

        // A night told with a good signature does arrive.
        whoop.webhooks(WebhookSettings.HONEST);
        Steps.awaitNight(mira, whoop.newSleep(WHOOP_MEMBER).sleep(), CATCHING_UP);
    }

    @Test
    void withoutSahhaTheWhoopDaysAreThereAndSaySo() {
        vitals.simulators().sahha().fault(new SahhaFault.Down());
        Steps.connect(mira, WHOOP_MEMBER);
        Steps.awaitDays(mira);
        // Before waking up a day has no strain yet.
        Steps.awaitNight(mira, whoop.newSleep(WHOOP_MEMBER).sleep(), CATCHING_UP);
        Steps.awaitValue(mira, "strain", CATCHING_UP);
        assertThat(mira.at("day")).isVisible();
    }

    @Test
    void aConnectionThatWhoopCannotCompleteFailsInPlainWords() {
        Steps.startConnecting(mira);
        whoop.failFor(WhoopEndpoint.all(), Duration.ofMinutes(1), new WhoopFault.Refuse(503));
        Steps.decide(mira, WHOOP_MEMBER, "Allow");
        assertThat(mira.at("notice")).hasAttribute("data-notice", "link-failed");
        whoop.clearFaults();
        mira.at("notice-connect").click();
        Steps.decide(mira, WHOOP_MEMBER, "Allow");
        assertThat(mira.at("notice")).hasAttribute("data-notice", "link-connected");
    }

    @Test
    void whileWhoopIsDownTheStoredDaysStay() {
        Steps.connect(mira, WHOOP_MEMBER);
        Steps.awaitDays(mira);
        whoop.failFor(WhoopEndpoint.all(), Duration.ofMinutes(1), new WhoopFault.Refuse(503));
        mira.open("/");
        Steps.awaitDays(mira);
        assertThat(mira.at("link-word")).hasText("Connected");
    }

    @Test
    void withoutItsDatabaseForTenSecondsThePageKeepsTheDayAndCatchesUp() {
        Steps.connect(mira, WHOOP_MEMBER);
        Steps.awaitDays(mira);
        Instant gone = Instant.now();
        vitals.postgres().stopNow();
        whoop.newSleep(WHOOP_MEMBER);
        await().atMost(Duration.ofSeconds(10)).until(() -> !vitals.healthApi().isReady());
        assertThat(mira.at("day")).isVisible();
        await().atMost(DATABASE_AWAY.multipliedBy(2))
                .until(() -> Duration.between(gone, Instant.now()).compareTo(DATABASE_AWAY) >= 0);
        vitals.postgres().startAgain();
        vitals.healthApi().awaitReady(Duration.ofSeconds(30));
        vitals.whoopService().awaitReady(Duration.ofSeconds(30));
        // WHOOP tells the lost one again only later; one that is told now need not wait.
        Steps.awaitNight(mira, whoop.newSleep(WHOOP_MEMBER).sleep(), CATCHING_UP);
    }

    /** Both have agreed, so that nothing but the foreign session can be the reason of a refusal. */
    private void consent(Visitor visitor) {
        APIResponse given = visitor.page()
                .request()
                .put(
                        "/api/v1/users/me/consents",
                        RequestOptions.create()
                                .setHeader("Origin", origin)
                                .setHeader("Content-Type", "application/json")
                                .setData("{\"health_data\":true}"));
        assertThat(given.status()).isEqualTo(200);
    }
}
