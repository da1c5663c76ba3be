package io.vitals.journey.page;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Sessions, who read what, a copy of everything, and being forgotten. */
class AccountPageTest extends PageFixture {
    private Locator otherBrowser() {
        return visitor.page().locator("[data-session=" + StubAccount.OTHER_BROWSER + "]");
    }

    @Test
    void anotherBrowserIsSignedOutFromHere() {
        visitor.open("/");
        visitor.at("sessions-toggle").click();
        assertThat(visitor.at("session")).hasCount(2);
        assertThat(visitor.page().locator("[data-current=true]")).containsText("You are here");
        assertThat(visitor.page().locator("[data-current=true]")).containsText("Chrome on Linux");
        assertThat(otherBrowser()).containsText("Safari on iOS");
        otherBrowser().getByTestId("session-end").click();
        assertThat(visitor.at("session")).hasCount(1);
        assertThat(visitor.at("announcer")).hasText("That browser is signed out.");
        assertThat(api.writes()).containsExactly("DELETE /api/v1/me/sessions/" + StubAccount.OTHER_BROWSER);
        visitor.at("session-end").click();
        assertThat(visitor.at("signed-out")).isVisible();
    }

    @Test
    void aSessionThatCouldNotBeEndedStaysInTheList() {
        visitor.open("/");
        visitor.at("sessions-toggle").click();
        member.fault("DELETE /api/v1/me/sessions", 503);
        otherBrowser().getByTestId("session-end").click();
        assertThat(otherBrowser().getByTestId("sessions-problem")).containsText("Try again in 7 seconds");
        assertThat(visitor.at("session")).hasCount(2);
        assertThat(otherBrowser().getByTestId("session-end")).isFocused();
    }

    @Test
    void whoReadTheDataIsListedNewestFirstAndMoreOnDemand() {
        api.account().looks(120);
        visitor.open("/");
        visitor.at("accesses-toggle").click();
        assertThat(visitor.at("access")).hasCount(50);
        assertThat(visitor.at("access").first()).containsText("You looked at a day");
        visitor.at("accesses-more").click();
        assertThat(visitor.at("access")).hasCount(100);
        assertThat(visitor.at("accesses-more")).isFocused();
        member.fault("/api/v1/users/me/accesses", 429);
        visitor.at("accesses-more").click();
        assertThat(visitor.at("accesses-problem")).containsText("too often");
        assertThat(visitor.at("access")).hasCount(100);
        member.fault("", 0);
        visitor.at("accesses-more").click();
        assertThat(visitor.at("access")).hasCount(120);
        assertThat(visitor.at("accesses-more")).hasCount(0);
        assertThat(visitor.at("accesses-toggle")).isFocused();
    }

    @Test
    void whatRepeatsIsToldOnceWithItsCount() {
        visitor.open("/");
        Object told = visitor.page().evaluate("""
                async () => (await import('/assets/js/views/accesses.js')).gathered([
                  { id: '5', at: '5', action: 'days.read', actor: 'member', actor_id: 'm', object: null, outcome: 'success' },
                  { id: '4', at: '4', action: 'days.read', actor: 'member', actor_id: 'm', object: null, outcome: 'not_modified' },
                  { id: '3', at: '3', action: 'days.read', actor: 'member', actor_id: 'x', object: null, outcome: 'refused' },
                  { id: '7', at: '3', action: 'days.read', actor: 'key', actor_id: 'k', object: null, outcome: 'success' },
                  { id: '6', at: '3', action: 'days.read', actor: 'key', actor_id: 'gone', object: null, outcome: 'success' },
                  { id: '2', at: '2', action: 'audit.read', actor: 'auditor', actor_id: 'a', object: null, outcome: 'success' },
                ], 'm', [{ id: 'k', name: 'Running log' }]).map(({ text, count, outcome }) => `${count} ${text} ${outcome}`).join('; ')""");
        assertThat(told)
                .isEqualTo("2 You looked at your days success; "
                        + "1 Another account looked at your days refused; "
                        + "1 The key “Running log” looked at your days success; "
                        + "1 A key that is gone looked at your days success; "
                        + "1 An auditor of Vitals looked into the log about you success");
    }

    @ParameterizedTest
    @CsvSource({"download, vitals-export.json", "download-csv, vitals-export.zip"})
    void aCopyIsSavedInEitherForm(String button, String name) throws IOException {
        visitor.open("/");
        Download download =
                visitor.page().waitForDownload(() -> visitor.at(button).click());
        assertThat(download.suggestedFilename()).isEqualTo(name);
        assertThat(Files.size(download.path())).isPositive();
        assertThat(visitor.at("export-said")).hasText("Saved as " + name + ".");
        assertThat(visitor.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void aCopyThatIsRefusedSaysWhenToTryAgain(int status) {
        visitor.open("/");
        member.fault("/api/v1/users/me/export", status);
        visitor.at("download").click();
        assertThat(visitor.at("export-said")).containsText("Try again in 7 seconds");
    }

    @Test
    void erasingTakesTwoYesesAndLeavesACertificate() {
        visitor.open("/");
        visitor.at("erase").click();
        assertThat(visitor.at("erase-dialog")).containsText("It cannot be undone");
        visitor.at("erase-keep").click();
        assertThat(visitor.at("erase")).isFocused();
        visitor.at("erase").click();
        visitor.at("erase-next").click();
        visitor.at("erase-confirm").click();
        assertThat(visitor.at("erase-error")).hasText("Tick the box first.");
        assertThat(api.writes()).isEmpty();

        visitor.at("erase-sure").check();
        visitor.at("erase-confirm").click();
        assertThat(visitor.at("erased")).hasAttribute("data-state", "completed");
        assertThat(visitor.page().locator("#erased-title")).isFocused();
        assertThat(visitor.at("certificate-facts")).containsText("30 rows deleted");
        assertThat(visitor.at("certificate-link")).hasAttribute("href", "/api/v1/erasures/" + StubAccount.CERTIFICATE);
        assertThat(visitor.at("sign-out")).hasCount(0);
        assertThat(visitor.at("day")).hasCount(0);
        assertThat(api.writes()).containsExactly("DELETE /api/v1/users/me");
        assertThat(visitor.complaints()).isEmpty();
        visitor.open("/");
        assertThat(visitor.at("signed-out")).isVisible();
    }

    @Test
    void anErasureThatTakesLongerIsWatchedToItsEnd() {
        api.account().erasureRuns(true);
        visitor.open("/");
        erase();
        assertThat(visitor.at("erased")).hasAttribute("data-state", "running");
        assertThat(visitor.at("erased")).containsText("cannot be stopped");
        api.account().erasureRuns(false);
        assertThat(visitor.at("erased")).hasAttribute("data-state", "completed");
    }

    /** Only the page knows the way to the certificate, and a reading that was under way finds the session gone. */
    @Test
    void aReadingThatIsAnsweredAfterAnErasureLeavesTheCertificateWhereItIs() throws IOException {
        List<Route> underWay = new ArrayList<>();
        visitor.open("/");
        assertThat(visitor.at("day")).isAttached();
        visitor.page().route(url -> url.contains("/users/me/days"), underWay::add);
        api.tell("day", "{\"date\":\"%s\",\"version\":%d}".formatted(member.day(0), member.recovery(91)));
        visitor.page().waitForCondition(() -> !underWay.isEmpty());
        erase();
        assertThat(visitor.at("erased")).hasAttribute("data-state", "completed");
        visitor.page()
                .waitForResponse(
                        answer -> answer.url().contains("/users/me/days"),
                        () -> underWay.getFirst()
                                .fulfill(new Route.FulfillOptions()
                                        .setStatus(401)
                                        .setContentType("application/problem+json")
                                        .setBody("{\"status\":401,\"code\":\"unauthenticated\"}")));
        visitor.page().evaluate("() => new Promise((drawn) => setTimeout(drawn, 200))");
        assertThat(visitor.at("erased")).isVisible();
    }

    @Test
    void anErasureThatIsRefusedErasesNothingAndSaysSo() {
        visitor.open("/");
        member.fault("DELETE /api/v1/users/me", 503);
        erase();
        assertThat(visitor.at("erase-error")).containsText("Nothing was erased");
        assertThat(visitor.at("day")).isAttached();
        visitor.page().keyboard().press("Escape");
        assertThat(visitor.at("erase-dialog")).hasCount(0);
        assertThat(visitor.at("member-name")).hasText("Mira");
    }

    private void erase() {
        visitor.at("erase").click();
        visitor.at("erase-next").click();
        visitor.at("erase-sure").check();
        visitor.at("erase-confirm").click();
    }
}
