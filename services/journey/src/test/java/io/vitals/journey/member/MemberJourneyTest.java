package io.vitals.journey.member;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Sleep;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(RunningVitals.class)
class MemberJourneyTest {
    private static final int WHOOP_MEMBER = 1;
    /** From the simulated WHOOP to the eyes of the member; how fast that is, the bench measures. */
    private static final Duration LATENCY = Duration.ofSeconds(30);
    /** Until what Sahha has of earlier days was asked for. */
    private static final Duration FETCHED = Duration.ofSeconds(60);

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
    void aMemberConnectsAStrapSeesThirtyDaysAndANewNightAndLeaves(Stack vitals) throws IOException {
        try (Visitor mira = chromium.visitor(vitals.pageUrl().toString())) {
            Steps.signIn(mira, "Mira");
            Steps.connect(mira, WHOOP_MEMBER);
            Steps.awaitDays(mira);

            // Before waking up a day has no night yet.
            aNewNightAppearsByItself(mira, vitals);
            everyValueNamesItsSource(mira);
            theDownloadHoldsTheDays(mira);

            Steps.disconnect(mira);
            assertThat(mira.at("connect")).isVisible();
            assertThat(vitals.simulators().whoop().control().linked(WHOOP_MEMBER))
                    .isFalse();
            mira.at("sign-out").click();
            assertThat(mira.at("signed-out")).isVisible();
            // Only the question who is signed in was answered with 401, before and after.
            assertThat(mira.complaints(401)).isEmpty();
        }
    }

    private static void everyValueNamesItsSource(Visitor mira) {
        mira.at("metric-sleep_score").hover();
        assertThat(mira.at("tooltip-sleep_score")).containsText("WHOOP");
        assertThat(mira.at("tooltip-sleep_score")).containsText("Fetched");
        // Whom Sahha takes the member for may live where that day has not begun.
        LocalDate past = LocalDate.now(ZoneOffset.UTC).minusDays(2);
        mira.page()
                .locator("[data-testid=ribbon-day][data-date='" + past + "']")
                .click();
        Steps.awaitValue(mira, "readiness_score", FETCHED);
        mira.at("metric-readiness_score").focus();
        assertThat(mira.at("tooltip-readiness_score")).containsText("Sahha");
    }

    private static void aNewNightAppearsByItself(Visitor mira, Stack vitals) {
        assertThat(mira.at("live-status")).hasAttribute("data-mode", "live");
        mira.page().evaluate("() => { window.sameDocument = true; }");
        Sleep night =
                vitals.simulators().whoop().control().newSleep(WHOOP_MEMBER).sleep();
        Steps.awaitNight(mira, night, LATENCY);
        assertThat(mira.page().evaluate("() => window.sameDocument")).isEqualTo(true);
    }

    private static void theDownloadHoldsTheDays(Visitor mira) throws IOException {
        Download download =
                mira.page().waitForDownload(() -> mira.at("download").click());
        assertThat(download.suggestedFilename()).isEqualTo("vitals-export.json");
        JsonNode export = new ObjectMapper().readTree(Files.readAllBytes(download.path()));
        assertThat(export.toString()).contains("recovery_score");
    }

    @Test
    void theKeyboardAloneLeadsFromTheDoorToTheConnectedDay(Stack vitals) {
        try (Visitor newcomer = chromium.visitor(vitals.pageUrl().toString(), 360, ColorScheme.DARK)) {
            newcomer.open("/");
            Page page = newcomer.page();
            assertThat(newcomer.sidewaysScroll()).isZero();
            pressOn(page, "[data-testid=sign-in]", "Enter");
            page.waitForURL(url -> url.contains("/authorize"));
            pressOn(page, "button[value=member-6]", "Enter");
            assertThat(newcomer.at("connect")).isVisible();
            assertThat(newcomer.sidewaysScroll()).isZero();
            pressOn(page, "[data-testid=consent-checkbox]", "Space");
            pressOn(page, "[data-testid=connect-whoop]", "Enter");
            page.waitForURL(url -> url.contains("/oauth"));
            pressOn(page, "select[name=member]", "End");
            pressOn(page, "button[value=allow]", "Enter");
            assertThat(newcomer.at("notice")).hasAttribute("data-notice", "link-connected");
            Steps.awaitDays(newcomer);
            assertThat(newcomer.sidewaysScroll()).isZero();
            pressOn(page, "[data-testid=disconnect]", "Enter");
            pressOn(page, "[data-testid=dialog-confirm]", "Enter");
            assertThat(newcomer.at("connect")).isVisible();
            assertThat(newcomer.complaints(401)).isEmpty();
        }
    }

    private static void pressOn(Page page, String selector, String key) {
        page.locator(selector).waitFor();
        for (int step = 0; step < 80; step++) {
            page.keyboard().press("Tab");
            if (Boolean.TRUE.equals(
                    page.evaluate("(selector) => document.activeElement.matches(selector)", selector))) {
                page.keyboard().press(key);
                return;
            }
        }
        throw new AssertionError("the Tab key never reaches " + selector);
    }
}
