package io.vitals.journey.page;

import com.microsoft.playwright.options.ColorScheme;
import io.vitals.journey.browser.Visitor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Asking for news of the day, and why a value is as it is. */
class DayPageTest extends PageFixture {
    /** Where the strip below the answer stands on the page, however far that is scrolled. */
    private static final String RIBBON =
            "() => document.querySelector('[data-testid=ribbon-day]').getBoundingClientRect().y + scrollY";

    @Test
    void aRefreshBringsTheDayAndSaysWhatEachSourceDid() {
        visitor.open("/");
        member.recovery(77);
        visitor.at("refresh").click();
        assertThat(visitor.at("metric-recovery_score")).containsText("77");
        assertThat(visitor.at("refresh-said")).containsText("WHOOP: asked");
        assertThat(visitor.at("refresh-said")).containsText("Sahha: asked");
        assertThat(visitor.at("refresh")).isFocused();
        assertThat(visitor.at("announcer")).containsText("WHOOP: asked");
        visitor.at("previous-day").click();
        assertThat(visitor.at("refresh-said")).hasText("");
    }

    @ParameterizedTest
    @CsvSource({
        "refreshed, not_connected, WHOOP: not connected",
        "refreshed, reauth_required, WHOOP: needs you",
        "refreshed, quota, WHOOP: asked too often",
        "slow, refreshed, Sahha: slow",
        "down, down, You see the day as it was"
    })
    void whatASourceSaidIsSaidInWords(String sahha, String whoop, String words) {
        api.account().refreshing(sahha, whoop);
        visitor.open("/");
        visitor.at("refresh").click();
        assertThat(visitor.at("refresh-said")).containsText(words);
        assertThat(visitor.at("refresh-said")).hasAttribute("data-kind", "warn");
    }

    @ParameterizedTest
    @CsvSource({"429, too often", "503, cannot do that right now", "403, may not do that"})
    void aRefreshThatIsRefusedKeepsTheDay(int status, String words) {
        visitor.open("/");
        member.fault("POST /api/v1/users/me/refresh", status);
        visitor.at("refresh").click();
        assertThat(visitor.at("refresh-said")).containsText(words);
        assertThat(visitor.at("metric-recovery_score")).containsText("54");
    }

    @ParameterizedTest
    @CsvSource({"1280, refreshed", "1280, down", "360, refreshed", "360, down"})
    void theAnswerOfARefreshMovesNothing(int width, String outcome) {
        api.account().refreshing(outcome, outcome);
        try (Visitor somebody = chromium().visitor(api.origin(), width, ColorScheme.LIGHT)) {
            somebody.open("/");
            Object before = somebody.page().evaluate(RIBBON);
            somebody.at("refresh").click();
            assertThat(somebody.at("refresh-said")).containsText("WHOOP:");
            assertThat(somebody.page().evaluate(RIBBON)).isEqualTo(before);
        }
    }

    @Test
    void aValueTellsWhyItIsThisOne() {
        visitor.open("/");
        visitor.at("metric-recovery_score").focus();
        visitor.page().keyboard().press("Enter");
        assertThat(visitor.at("why")).hasAccessibleName("Why this value? Recovery");
        assertThat(visitor.at("why-value")).containsText("54 % from WHOOP");
        assertThat(visitor.at("why-rule")).hasText("WHOOP's value if it has one, else Sahha's.");
        assertThat(visitor.at("why-decision")).hasText("WHOOP alone has a value.");
        assertThat(visitor.at("candidate-whoop")).containsText("Chosen");
        assertThat(visitor.at("candidate-sahha")).containsText("Nothing recorded");
        visitor.page().keyboard().press("Escape");
        assertThat(visitor.at("why")).hasCount(0);
        assertThat(visitor.at("metric-recovery_score")).isFocused();
        assertThat(visitor.complaints()).isEmpty();
    }

    @Test
    void aSessionOfThePhoneIsListedWithoutAStrain() {
        visitor.open("/");
        assertThat(visitor.at("workout")).hasCount(2);
        assertThat(visitor.at("workout").first()).containsText("WHOOP");
        assertThat(visitor.at("workout").first()).containsText("strain");
        assertThat(visitor.at("workout").last()).containsText("Nordic walking");
        assertThat(visitor.at("workout").last()).containsText("42 min · Sahha");
        assertThat(visitor.at("workout").last()).not().containsText("strain");
        assertThat(visitor.at("workout").last()).not().containsText("scored");
    }

    @Test
    void theDayScoreTheNightAndTheWorkoutsTellWhyTheyAreSo() {
        visitor.open("/");
        visitor.at("overall-score").focus();
        visitor.page().keyboard().press("Enter");
        assertThat(visitor.at("why")).hasAccessibleName("Why this day score?");
        assertThat(visitor.at("why-value")).hasText("71");
        assertThat(visitor.at("why-decision")).containsText("1 of 2 parts");
        assertThat(visitor.at("why-part")).hasCount(2);
        assertThat(visitor.at("why-part").first()).containsText("Effective readiness");
        assertThat(visitor.at("why-part").first()).containsText("100 %");
        assertThat(visitor.at("why-part").last()).containsText("10 %");
        visitor.page().keyboard().press("Escape");
        assertThat(visitor.at("overall-score")).isFocused();

        visitor.at("why-sleep").click();
        assertThat(visitor.at("why")).hasAccessibleName("Why this night?");
        assertThat(visitor.at("why")).containsText("2 naps");
        assertThat(visitor.at("why-rule")).hasText("The longest scored one is the primary one.");
        visitor.at("why-close").click();

        visitor.at("why-workouts").click();
        assertThat(visitor.at("why-value")).hasText("2 workouts");
        assertThat(visitor.at("why-dropped")).containsText("80 % of it lies within WHOOP's workouts");
        visitor.at("why-close").click();
        assertThat(visitor.complaints()).isEmpty();
    }

    @Test
    void aReasonThatCannotBeHadIsAskedForAgain() {
        visitor.open("/");
        member.fault("/api/v1/users/me/days/", 503);
        visitor.at("metric-recovery_score").click();
        assertThat(visitor.at("why-problem")).containsText("Try again in 7 seconds");
        member.fault("", 0);
        visitor.at("why-again").click();
        assertThat(visitor.at("why-rule")).isVisible();
    }

    @Test
    void aDayWithoutARecordHasNothingToExplain() {
        visitor.open("/");
        visitor.page()
                .locator("[data-testid=ribbon-day][data-date='" + member.day(StubMember.NO_RECORD) + "']")
                .click();
        visitor.at("metric-recovery_score").click();
        assertThat(visitor.at("why-nothing")).isVisible();
        visitor.at("why-close").click();
        assertThat(visitor.at("why")).hasCount(0);
    }

    @ParameterizedTest
    @CsvSource({"LIGHT", "DARK"})
    void nothingOfTheAccountPushesANarrowScreenSideways(ColorScheme scheme) throws IOException {
        api.account().key("A key with a name that is as long as a name may be, without any need, for eighty letters");
        api.account().looks(60);
        try (Visitor narrow = chromium().visitor(api.origin(), 360, scheme)) {
            narrow.open("/");
            for (String part : new String[] {"keys", "sessions", "accesses"}) {
                narrow.at(part + "-toggle").click();
            }
            narrow.at("key-name").fill("Running log");
            narrow.at("key-make").click();
            assertThat(narrow.at("key-value")).isVisible();
            assertThat(narrow.at("session")).hasCount(2);
            assertThat(narrow.at("accesses-more")).isVisible();
            narrow.at("refresh").click();
            assertThat(narrow.at("refresh-said")).containsText("WHOOP: asked");
            assertThat(narrow.sidewaysScroll()).isZero();
            narrow.at("metric-recovery_score").click();
            assertThat(narrow.at("why-rule")).isVisible();
            assertThat(narrow.sidewaysScroll()).isZero();
            narrow.at("why-close").click();
            narrow.at("erase").click();
            assertThat(narrow.at("erase-next")).isVisible();
            assertThat(narrow.sidewaysScroll()).isZero();
            assertThat(narrow.complaints()).isEmpty();
        }
    }
}
