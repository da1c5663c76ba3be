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
    private static final String NAME = "Member 5";
    private static final int WHOOP_MEMBER = 5;
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
        try (Visitor member = chromium.visitor(vitals.pageUrl().toString());
                Visitor elsewhere = chromium.visitor(vitals.pageUrl().toString())) {
            Steps.signIn(member, NAME);
            Steps.signIn(elsewhere, NAME);
            Steps.connect(member, WHOOP_MEMBER);
            Steps.awaitDays(member);
            member.at("keys-toggle").click();
            member.at("key-name").fill("Running log");
            member.at("key-make").click();
            KeyCalls key = new KeyCalls(vitals, member.at("key-value").innerText());
            assertThat(key.status("GET", "/api/v1/users/me/days")).isEqualTo(200);

            member.at("erase").click();
            member.at("erase-next").click();
            member.at("erase-sure").check();
            member.at("erase-confirm").click();
            assertThat(member.at("erased"))
                    .hasAttribute(
                            "data-state", "completed", new LocatorAssertions.HasAttributeOptions().setTimeout((double)
                                            FORGOTTEN.toMillis()));
            assertThat(member.at("certificate-facts")).containsText("What came from WHOOP");
            certificateIsReadByWhoeverHasTheLink(member);

            assertThat(vitals.simulators().whoop().control().linked(WHOOP_MEMBER))
                    .isFalse();
            assertThat(key.status("GET", "/api/v1/users/me/days")).isEqualTo(401);
            for (Visitor browser : new Visitor[] {member, elsewhere}) {
                browser.open("/");
                assertThat(browser.at("signed-out")).isVisible();
            }
            // A later sign-in starts from nothing.
            Steps.signIn(elsewhere, NAME);
            assertThat(elsewhere.at("connect")).isVisible();
            assertThat(elsewhere.at("consent-checkbox")).isVisible();
            assertThat(elsewhere.at("day")).hasCount(0);
            assertThat(member.complaints(401)).isEmpty();
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
