package io.vitals.journey.member;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** A member who wants to be forgotten, and is. */
@ExtendWith(RunningVitals.class)
class ErasureJourneyTest {
    private static final int WHOOP_MEMBER = 4;
    private static final Duration FORGOTTEN = Duration.ofSeconds(60);

    private static Chromium chromium;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }

    @Test
    void whoeverErasesThemselfIsSignedOutWithACertificate(Stack vitals) throws IOException {
        try (Visitor mira = chromium.visitor(vitals.pageUrl().toString());
                Visitor elsewhere = chromium.visitor(vitals.pageUrl().toString())) {
            Steps.signIn(mira, "Mira");
            Steps.signIn(elsewhere, "Mira");
            Steps.connect(mira, WHOOP_MEMBER);
            Steps.awaitDays(mira);
            mira.at("keys-toggle").click();
            mira.at("key-name").fill("Running log");
            mira.at("key-make").click();
            KeyCalls key = new KeyCalls(vitals, mira.at("key-value").innerText());
            assertThat(key.status("GET", "/api/v1/users/me/days")).isEqualTo(200);

            mira.at("erase").click();
            mira.at("erase-next").click();
            mira.at("erase-sure").check();
            mira.at("erase-confirm").click();
            assertThat(mira.at("erased"))
                    .hasAttribute(
                            "data-state", "completed", new LocatorAssertions.HasAttributeOptions().setTimeout((double)
                                            FORGOTTEN.toMillis()));
            assertThat(mira.at("certificate-facts")).containsText("What came from WHOOP");
            certificateIsReadByWhoeverHasTheLink(mira);

            assertThat(vitals.simulators().whoop().control().linked(WHOOP_MEMBER))
                    .isFalse();
            assertThat(key.status("GET", "/api/v1/users/me/days")).isEqualTo(401);
            for (Visitor browser : new Visitor[] {mira, elsewhere}) {
                browser.open("/");
                assertThat(browser.at("signed-out")).isVisible();
            }
            // A later sign-in starts from nothing.
            Steps.signIn(elsewhere, "Mira");
            assertThat(elsewhere.at("connect")).isVisible();
            assertThat(elsewhere.at("consent-checkbox")).isVisible();
            assertThat(elsewhere.at("day")).hasCount(0);
            assertThat(mira.complaints(401)).isEmpty();
        }
    }

    private static void certificateIsReadByWhoeverHasTheLink(Visitor visitor) throws IOException {
        String link = visitor.at("certificate-link").getAttribute("href");
        try (Visitor stranger = chromium.visitor(visitor.page().url())) {
            JsonNode certificate = new ObjectMapper()
                    .readTree(stranger.page().request().get(link).body());
            assertThat(certificate.get("state").textValue()).isEqualTo("completed");
            assertThat(certificate.get("removed").size()).isPositive();
            assertThat(link).endsWith(certificate.get("erasure").textValue());
        }
    }
}
