package io.vitals.journey.page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Consent and the WHOOP link: each bad state is said in words and has a way out. */
class LinkPageTest extends PageFixture {
    @Test
    void nothingIsSentBeforeTheConsentBoxIsTicked() {
        member.consented(false);
        member.linkState("none");
        visitor.open("/");
        visitor.at("connect-whoop").click();
        assertThat(visitor.at("consent-error")).isVisible();
        assertThat(visitor.at("consent-checkbox")).isFocused();
        assertThat(api.writes()).isEmpty();

        visitor.at("consent-checkbox").check();
        visitor.at("connect-whoop").click();
        visitor.page().waitForURL("**/whoop");
        assertThat(api.writes())
                .containsExactly(
                        "PUT /api/v1/users/me/consents {\"health_data\":true}", "POST /api/v1/users/me/links/whoop");
    }

    @ParameterizedTest
    @ValueSource(strings = {"denied", "invalid", "failed", "elsewhere"})
    void aWayBackFromWhoopThatFailedOffersAnother(String outcome) {
        member.linkState("none");
        visitor.open("/?link=" + outcome);
        assertThat(visitor.at("notice")).hasAttribute("data-notice", "link-" + outcome);
        assertThat(visitor.page()).hasURL(api.origin() + "/");
        visitor.at("notice-connect").click();
        visitor.page().waitForURL("**/whoop");
    }

    @Test
    void aNoticeDoesNotGiveConsentForTheMember() {
        member.consented(false);
        member.linkState("none");
        visitor.open("/?link=denied");
        visitor.at("notice-connect").click();
        assertThat(visitor.at("consent-checkbox")).isFocused();
        assertThat(api.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"refresh_failing, notice-check", "reauth_required, notice-connect"})
    void aLinkInTroubleSaysWhatToDo(String state, String way) {
        member.linkState(state);
        visitor.open("/");
        assertThat(visitor.at("link-status")).hasAttribute("data-link-state", state);
        assertThat(visitor.at(way)).isVisible();
        assertThat(visitor.at("day")).isVisible();
    }

    @Test
    void storedDaysStayWhenTheWhoopSideDoesNotAnswer() {
        member.fault("/api/v1/users/me/links/whoop", 503);
        visitor.open("/");
        assertThat(visitor.at("notice")).hasAttribute("data-notice", "link-unreadable");
        assertThat(visitor.at("metric-recovery_score")).containsText("54");
        member.fault("", 0);
        assertThat(visitor.at("notice")).hasCount(0);
    }

    @Test
    void disconnectingAsksFirst() {
        visitor.open("/");
        visitor.at("disconnect").click();
        visitor.page().keyboard().press("Escape");
        assertThat(visitor.at("dialog")).hasCount(0);
        assertThat(visitor.at("disconnect")).isFocused();
        assertThat(api.writes()).isEmpty();

        visitor.at("disconnect").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("link-status")).hasAttribute("data-link-state", "revoked");
        assertThat(visitor.at("connect")).isVisible();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "revoked"})
    void whoeverIsNotConnectedFindsTheWayInTheCardToo(String state) {
        member.linkState(state);
        visitor.open("/");
        assertThat(visitor.at("link-word")).hasText(state.equals("none") ? "Not connected" : "Disconnected");
        visitor.at("source-connect").click();
        visitor.page().waitForURL("**/whoop");
    }

    @Test
    void aLinkThatIsNotKnownIsSaidAndAskedForAgain() {
        member.linkState("unknown");
        visitor.open("/");
        assertThat(visitor.at("link-word")).hasText("Not known");
        assertThat(visitor.at("notice")).hasAttribute("data-notice", "state-unknown");
        assertThat(visitor.at("connect")).hasCount(0);
        member.linkState("active");
        visitor.at("source-check").click();
        assertThat(visitor.at("link-word")).hasText("Connected");
        assertThat(visitor.at("notice")).hasCount(0);
    }

    @ParameterizedTest
    @CsvSource({"refresh_failing, timeout, takes too long", "reauth_required, refresh_rejected, no longer accepts"})
    void whyTheLinkIsInTroubleIsSaidInWords(String state, String reason, String words) {
        member.linkState(state);
        member.linkReason(reason);
        visitor.open("/");
        assertThat(visitor.at("link-status")).containsText(words);
        assertThat(visitor.at("notice")).containsText(words);
        within("link-status", "source-connect").click();
        visitor.page().waitForURL("**/whoop");
    }

    @Test
    void aDisconnectThatFailsSaysSoAndChangesNothing() {
        visitor.open("/");
        member.fault("DELETE /api/v1/users/me/links/whoop", 429);
        visitor.at("disconnect").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("notice")).containsText("Try again in 7 seconds");
        assertThat(visitor.at("link-word")).hasText("Connected");
        visitor.at("notice-close").click();
        assertThat(visitor.at("notice")).hasCount(0);
    }

    @Test
    void withdrawingAsksFirstAndDisconnects() {
        visitor.open("/");
        visitor.at("withdraw").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("privacy")).containsText("You have not given consent");
        assertThat(visitor.at("link-status")).hasAttribute("data-link-state", "revoked");
        assertThat(api.writes())
                .containsExactly(
                        "DELETE /api/v1/users/me/links/whoop", "PUT /api/v1/users/me/consents {\"health_data\":false}");
    }
}
