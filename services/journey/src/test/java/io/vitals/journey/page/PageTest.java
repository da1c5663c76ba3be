package io.vitals.journey.page;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import io.vitals.journey.browser.Visitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class PageTest extends PageFixture {
    @Test
    void whoIsSignedOutSeesTheWayIn() {
        member.signedIn(false);
        visitor.open("/");
        visitor.at("sign-in").click();
        assertThat(visitor.at("member-name")).hasText("Mira");
        visitor.at("sign-out").click();
        assertThat(visitor.at("signed-out")).isVisible();
        assertThat(visitor.complaints(401)).isEmpty();
    }

    @Test
    void signingOutWhileSomethingIsUnderWayIsNotForgotten() {
        var held = new AtomicReference<Route>();
        visitor.open("/");
        visitor.page().route("**/users/me/links/whoop", route -> {
            if (route.request().method().equals("DELETE")) {
                held.set(route);
            } else {
                route.resume();
            }
        });
        visitor.at("disconnect").click();
        visitor.at("dialog-confirm").click();
        visitor.page().waitForCondition(() -> held.get() != null);
        visitor.at("sign-out").click();
        assertThat(visitor.at("member-name")).isVisible();
        held.get().resume();
        assertThat(visitor.at("signed-out")).isVisible();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "unavailable"})
    void aSignInThatFailedIsExplained(String word) {
        member.signedIn(false);
        visitor.open("/?signin=" + word);
        assertThat(visitor.at("notice")).hasAttribute("data-notice", "signin-" + word);
        assertThat(visitor.at("sign-in")).isVisible();
    }

    @Test
    void anAccountWithoutAHealthRecordIsToldSo() {
        member.role("guest");
        visitor.open("/");
        assertThat(visitor.at("no-record")).isVisible();
        assertThat(visitor.at("sign-out")).isVisible();
    }

    @Test
    void aServerThatIsAwayIsSaidAndRecoversByItself() {
        member.fault("/api/", 503);
        visitor.open("/");
        assertThat(visitor.at("unreachable")).isVisible();
        member.fault("", 0);
        assertThat(visitor.at("day")).isVisible();
    }

    @Test
    void everyValueTellsItsSourceOnHoverAndOnFocus() {
        visitor.open("/");
        Locator hrv = visitor.at("metric-hrv_rmssd");
        Locator tip = visitor.at("tooltip-hrv_rmssd");
        assertThat(tip).isHidden();
        hrv.hover();
        assertThat(tip).isVisible();
        for (String fact : new String[] {"WHOOP", "Observed", "Fetched", "Scored"}) {
            assertThat(tip).containsText(fact);
        }
        visitor.page().keyboard().press("Escape");
        assertThat(tip).isHidden();

        visitor.at("metric-steps").focus();
        assertThat(visitor.at("tooltip-steps")).containsText("Sahha");
        assertThat(visitor.at("metric-steps")).hasAccessibleDescription(Pattern.compile("Sahha"));
    }

    @Test
    void anAbsentValueGivesItsReasonAndZeroIsAValue() {
        visitor.open("/");
        assertThat(visitor.at("metric-spo2")).containsText("Not measured");
        visitor.at("trend-table-toggle").click();
        Locator rows = visitor.at("trend-table").locator("tbody tr");
        assertThat(rows).hasCount(30);
        assertThat(rows.nth(StubMember.NO_RECORD).locator("td").first()).hasText("Nothing recorded");
        assertThat(rows.nth(StubMember.UNSCORABLE).locator("td").first()).hasText("Could not be scored");
        assertThat(rows.nth(StubMember.ZERO_STRAIN).locator("td").nth(2)).hasText("0.0");
        assertThat(day(StubMember.NO_RECORD)).hasAttribute("data-state", "gap");
        assertThat(day(StubMember.UNSCORABLE)).hasAttribute("data-state", "empty");
    }

    @Test
    void theFirstReadingShowsItsProgressByDay() {
        member.daysDone(9);
        visitor.open("/");
        assertThat(visitor.at("sync-days-done")).hasText("9 of 30 days");
        assertThat(day(20)).hasAttribute("data-state", "pending");
        member.daysDone(30);
        assertThat(visitor.at("sync-progress")).hasCount(0);
        assertThat(day(20)).hasAttribute("data-state", "good");
    }

    @Test
    void anEventChangesTheDayWithoutAReloadAndKeepsTheFocus() throws IOException {
        visitor.open("/");
        await().atMost(Duration.ofSeconds(30)).until(() -> api.listeners() > 0);
        visitor.at("metric-recovery_score").focus();
        visitor.page().evaluate("() => { window.sameDocument = true; }");
        api.tell("day", "{\"date\":\"%s\",\"version\":%d}".formatted(member.day(0), member.recovery(91)));
        assertThat(visitor.at("metric-recovery_score")).containsText("91");
        assertThat(visitor.at("announcer")).hasText("Today was updated: recovery 91 %");
        assertThat(visitor.at("metric-recovery_score")).isFocused();
        assertThat(visitor.page().evaluate("() => window.sameDocument")).isEqualTo(true);
    }

    @Test
    void withoutAnEventStreamThePageAsksEveryFewSeconds() throws IOException {
        member.fault("/api/v1/users/me/events", 503);
        visitor.open("/");
        assertThat(visitor.at("live-status")).hasAttribute("data-mode", "polling");
        member.recovery(33);
        assertThat(visitor.at("metric-recovery_score")).containsText("33");
    }

    @Test
    void aSessionThatEndedLeadsBackToTheDoor() throws IOException {
        visitor.open("/");
        await().atMost(Duration.ofSeconds(30)).until(() -> api.listeners() > 0);
        member.signedIn(false);
        api.tell("link", "{\"state\":\"active\"}");
        assertThat(visitor.at("signed-out")).isVisible();
        assertThat(visitor.at("day")).hasCount(0);
    }

    @Test
    void theDaysAndTheChartAreWalkedWithTheKeyboardAlone() {
        visitor.open("/");
        Page page = visitor.page();
        tabTo("ribbon-day");
        page.keyboard().press("ArrowLeft");
        assertThat(visitor.at("day")).hasAttribute("data-date", member.day(1).toString());
        assertThat(visitor.at("day-title")).hasText("Yesterday");
        page.keyboard().press("Home");
        assertThat(visitor.at("day")).hasAttribute("data-date", member.day(29).toString());
        page.keyboard().press("End");

        tabTo("trend-metric-recovery");
        page.keyboard().press("ArrowRight");
        assertThat(visitor.at("trend-metric-sleep")).isChecked();
        tabTo("trend-chart");
        page.keyboard().press("ArrowLeft");
        assertThat(visitor.at("trend-chart")).hasAttribute("aria-valuetext", Pattern.compile(".*Sleep 7 h 10"));
        page.keyboard().press("Enter");
        assertThat(visitor.at("day")).hasAttribute("data-date", member.day(1).toString());
    }

    @ParameterizedTest
    @CsvSource({"ready, DARK", "ready, LIGHT", "connect, DARK", "signed-out, LIGHT", "syncing, LIGHT"})
    void aNarrowScreenNeverScrollsSideways(String state, ColorScheme scheme) {
        switch (state) {
            case "connect" -> {
                member.consented(false);
                member.linkState("none");
            }
            case "signed-out" -> member.signedIn(false);
            case "syncing" -> member.daysDone(4);
            default -> {}
        }
        try (Visitor narrow = chromium().visitor(api.origin(), 360, scheme)) {
            narrow.open("/");
            assertThat(narrow.sidewaysScroll()).isZero();
            String background =
                    (String) narrow.page().evaluate("() => getComputedStyle(document.body).backgroundColor");
            assertThat(background).isEqualTo(scheme == ColorScheme.DARK ? "rgb(9, 15, 14)" : "rgb(239, 243, 241)");
            assertThat(narrow.complaints(401)).isEmpty();
        }
    }

    @Test
    void theBrowserHasNothingToComplainAbout() {
        visitor.open("/");
        for (String metric : new String[] {"sleep", "strain", "hrv", "heart"}) {
            visitor.at("trend-metric-" + metric).check();
        }
        visitor.at("trend-table-toggle").click();
        visitor.at("metric-strain").hover();
        visitor.at("previous-day").click();
        assertThat(visitor.complaints()).isEmpty();
    }

    private Locator day(int ago) {
        return visitor.page().locator("[data-testid=ribbon-day][data-date='" + member.day(ago) + "']");
    }

    private void tabTo(String testId) {
        for (int step = 0; step < 80; step++) {
            visitor.page().keyboard().press("Tab");
            if (testId.equals(visitor.page().evaluate("() => document.activeElement.dataset.testid ?? ''"))) {
                return;
            }
        }
        throw new AssertionError("the Tab key never reaches " + testId);
    }
}
