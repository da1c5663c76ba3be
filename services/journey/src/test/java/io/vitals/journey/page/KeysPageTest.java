package io.vitals.journey.page;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** Keys for the member's apps: made, shown once, renewed, revoked. */
class KeysPageTest extends PageFixture {
    private void open() {
        visitor.open("/");
        visitor.at("keys-toggle").click();
    }

    private void make(String name) {
        visitor.at("key-name").fill(name);
        visitor.at("key-make").click();
    }

    @Test
    void aKeyIsMadeAsWantedAndShownOnce() {
        open();
        assertThat(visitor.at("no-keys")).isVisible();
        visitor.at("key-scope-export").check();
        visitor.at("key-life").selectOption("30");
        make("Running log");

        assertThat(visitor.at("key-value")).hasText(StubAccount.value(1));
        assertThat(visitor.at("key-once")).containsText("cannot show it again");
        assertThat(visitor.page().locator("#once-title")).isFocused();
        assertThat(api.writes())
                .containsExactly("POST /api/v1/api-keys "
                        + "{\"name\":\"Running log\",\"scopes\":[\"days:read\",\"export\"],\"expires_in_days\":30}");
        assertThat(visitor.at("key")).containsText("Running log");
        assertThat(visitor.at("key")).containsText("Read days · Export");
        assertThat(visitor.at("key")).containsText("Last used never");
        assertThat(visitor.at("key-name")).hasValue("");

        visitor.at("key-done").click();
        assertThat(visitor.at("key-once")).hasCount(0);
        assertThat(visitor.at("keys-toggle")).isFocused();
        assertThat(visitor.page().content()).doesNotContain(StubAccount.value(1));
        assertThat(visitor.complaints()).isEmpty();
    }

    @Test
    void theValueIsCopiedAndStaysOutOfAddressStorageAndConsole() {
        List<String> printed = new ArrayList<>();
        List<String> asked = new ArrayList<>();
        visitor.page().onConsoleMessage(message -> printed.add(message.text()));
        visitor.page().onRequest(request -> asked.add(request.url()));
        BrowserContext context = visitor.page().context();
        context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        open();
        make("Running log");
        visitor.at("key-copy").click();
        assertThat(visitor.at("key-copied")).hasText("Copied.");
        String value = StubAccount.value(1);
        assertThat(visitor.page().evaluate("() => navigator.clipboard.readText()"))
                .isEqualTo(value);
        assertThat(
                        (String)
                                visitor.page()
                                        .evaluate(
                                                "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, "
                                                        + "history.state, location.href, await caches.keys(), await indexedDB.databases()])"))
                .doesNotContain(value.substring(0, 12))
                .contains("localhost");
        assertThat(printed).noneMatch(text -> text.contains(value));
        assertThat(asked).isNotEmpty().noneMatch(url -> url.contains(value));
        visitor.at("keys-toggle").click();
        assertThat(visitor.page().content()).doesNotContain(value);
    }

    @Test
    void aSessionThatEndsTakesTheValueFromTheScreen() {
        open();
        make("Running log");
        assertThat(visitor.at("key-value")).isVisible();
        member.signedIn(false);
        make("Another");
        assertThat(visitor.at("signed-out")).isVisible();
        assertThat(visitor.page().content()).doesNotContain(StubAccount.value(1));
    }

    @Test
    void anUnfinishedWishIsNotSent() {
        open();
        visitor.at("key-make").click();
        assertThat(visitor.at("key-error")).containsText("name");
        assertThat(visitor.at("key-name")).isFocused();
        visitor.at("key-name").fill("Running log");
        visitor.at("key-scope-days:read").uncheck();
        visitor.at("key-make").click();
        assertThat(visitor.at("key-error")).containsText("at least one");
        assertThat(api.writes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "409, ten keys already",
        "429, Try again in 7 seconds",
        "503, Try again in 7 seconds",
        "403, may not do that"
    })
    void aRefusedKeyIsExplainedAndTheWishStays(int status, String words) {
        open();
        assertThat(visitor.at("no-keys")).isVisible();
        member.fault("POST /api/v1/api-keys", status);
        make("Running log");
        assertThat(visitor.at("key-error")).containsText(words);
        assertThat(visitor.at("key-name")).hasValue("Running log");
        assertThat(visitor.at("key-once")).hasCount(0);
        assertThat(visitor.at("key")).hasCount(0);
        member.fault("", 0);
        visitor.at("key-make").click();
        assertThat(visitor.at("key-value")).isVisible();
        assertThat(visitor.complaints(status)).isEmpty();
    }

    @Test
    void aKeyIsRevokedAfterAQuestion() {
        api.account().key("Old phone");
        api.account().key("Running log");
        open();
        Locator old = visitor.at("key").filter(new Locator.FilterOptions().setHasText("Old phone"));
        old.getByTestId("key-revoke").click();
        visitor.at("dialog-cancel").click();
        assertThat(old.getByTestId("key-revoke")).isFocused();
        assertThat(api.writes()).isEmpty();

        old.getByTestId("key-revoke").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("key")).hasCount(1);
        assertThat(visitor.at("key")).containsText("Running log");
        assertThat(visitor.at("announcer")).hasText("Old phone was revoked.");
        assertThat(visitor.at("keys-toggle")).isFocused();
        assertThat(api.account().keyCount()).isEqualTo(1);
    }

    @Test
    void aRevokeThatFailsSaysSoAndKeepsTheRow() {
        api.account().key("Old phone");
        open();
        member.fault("DELETE /api/v1/api-keys/", 503);
        visitor.at("key-revoke").click();
        visitor.at("dialog-confirm").click();
        assertThat(within("key", "keys-problem")).containsText("Vitals cannot do that right now");
        assertThat(visitor.at("key")).hasCount(1);
        assertThat(visitor.at("key-revoke")).isFocused();
        assertThat(api.account().keyCount()).isEqualTo(1);
        member.fault("", 0);
        visitor.at("key-revoke").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("key")).hasCount(0);
    }

    @Test
    void aNewValueIsShownOnceAndTheOldOneNamesItsEnd() {
        api.account().key("Running log");
        open();
        visitor.at("key-rotate").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("key-value")).hasText(StubAccount.value(2));
        assertThat(visitor.at("key-once")).containsText("The value until now works until");
        assertThat(visitor.at("key")).containsText("Old value works until");
    }

    @Test
    void aRotationThatFailsShowsNoValue() {
        api.account().key("Running log");
        open();
        member.fault("POST /api/v1/api-keys/", 429);
        visitor.at("key-rotate").click();
        visitor.at("dialog-confirm").click();
        assertThat(within("key", "keys-problem")).containsText("too often");
        assertThat(visitor.at("key-value")).hasCount(0);
    }

    @Test
    void aListThatCannotBeReadIsAskedForAgain() {
        api.account().key("Running log");
        visitor.open("/");
        member.fault("GET /api/v1/api-keys", 503);
        visitor.at("keys-toggle").click();
        assertThat(visitor.at("keys-problem")).isVisible();
        member.fault("", 0);
        visitor.at("keys-again").click();
        assertThat(visitor.at("key")).hasCount(1);
    }
}
