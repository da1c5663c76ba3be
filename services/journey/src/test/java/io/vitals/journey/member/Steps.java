package io.vitals.journey.member;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.vitals.journey.browser.Visitor;
import io.vitals.sandbox.member.Sleep;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The steps of a member, as a person takes them: by what is written on buttons and links. */
final class Steps {
    private static final Pattern CONNECTED = Pattern.compile("active|refreshing");
    private static final DateTimeFormatter WALL_CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final String NIGHT = "data-record";
    private static final Duration SIGN_IN = Duration.ofSeconds(60);
    private static final double BACKFILL_MS = 90_000;
    private static final double SHORTLY_MS = 5_000;

    private static final String DAYS_ARE_IN = """
            () => !document.querySelector('[data-testid=sync-progress]')
              && [...document.querySelectorAll('[data-testid=ribbon-day]')]
                .filter((day) => ['good', 'fair', 'low'].includes(day.dataset.state)).length >= 24""";

    private Steps() {}

    static void signIn(Visitor visitor, String name) {
        visitor.open("/");
        // Right after the start the issuer may not answer in time; the page says so, and one tries again.
        await().pollInSameThread().atMost(SIGN_IN).until(() -> sentToTheIssuer(visitor));
        visitor.page().locator("button[name=account]", named(name)).click();
        assertThat(visitor.at("member-name")).hasText(name);
    }

    private static boolean sentToTheIssuer(Visitor visitor) {
        Response answer = visitor.page()
                .waitForResponse(
                        response -> response.url().contains("/auth/login"),
                        () -> visitor.at("sign-in").click());
        return !String.valueOf(answer.headerValue("location")).contains("signin=");
    }

    /** Ends on the consent page of WHOOP. */
    static void startConnecting(Visitor visitor) {
        Locator consent = visitor.at("consent-checkbox");
        assertThat(visitor.at("connect")).isVisible();
        if (consent.count() > 0) {
            consent.check();
        }
        visitor.at("connect-whoop").click();
        assertThat(visitor.page().getByLabel("WHOOP account")).isVisible();
    }

    static void decide(Visitor visitor, int whoopMember, String button) {
        visitor.page().getByLabel("WHOOP account").selectOption(String.valueOf(whoopMember));
        visitor.page()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button))
                .click();
    }

    static void connect(Visitor visitor, int whoopMember) {
        startConnecting(visitor);
        decide(visitor, whoopMember, "Allow");
        assertThat(visitor.at("notice")).hasAttribute("data-notice", "link-connected");
        assertThat(visitor.at("link-status")).hasAttribute("data-link-state", CONNECTED);
    }

    /** Waits for the end of the first reading and for most of the thirty days to have a recovery. */
    static void awaitDays(Visitor visitor) {
        Page page = visitor.page();
        try {
            page.waitForFunction(DAYS_ARE_IN, null, new Page.WaitForFunctionOptions().setTimeout(BACKFILL_MS));
        } catch (TimeoutError e) {
            Object link = page.evaluate("async () => (await fetch('/api/v1/users/me/links/whoop')).text()");
            throw new AssertionError("the days did not come in; link: " + link, e);
        }
    }

    /**
     * Waits until the page shows the sleep, without being asked to reload. Two nights may end in the same minute, so it goes by the record. A
     * member's newest day may be a later one than that of the sleep: their other source may tell of a place further east.
     */
    static void awaitNight(Visitor visitor, Sleep sleep, Duration patience) {
        double timeout = patience.toMillis();
        choose(visitor, sleep, timeout);
        assertThat(visitor.at("sleep"))
                .hasAttribute(
                        NIGHT, sleep.id().toString(), new LocatorAssertions.HasAttributeOptions().setTimeout(timeout));
        assertThat(visitor.at("sleep-end")).hasText(WALL_CLOCK.format(wokeUp(sleep)));
    }

    /** Where the member is a day may have just begun: as long as there is nothing of it, it is not there to be chosen. */
    static void showsAnotherNight(Visitor visitor, Sleep sleep) {
        if (dayOf(visitor, sleep).count() > 0) {
            choose(visitor, sleep, SHORTLY_MS);
        }
        assertThat(visitor.at("sleep")).not().hasAttribute(NIGHT, sleep.id().toString());
    }

    /** Goes to the day on which the sleep ended, if another one is shown. */
    private static void choose(Visitor visitor, Sleep sleep, double timeout) {
        Locator day = dayOf(visitor, sleep);
        String current = day.getAttribute("aria-current", new Locator.GetAttributeOptions().setTimeout(timeout));
        if (current == null) {
            day.click();
        }
    }

    private static Locator dayOf(Visitor visitor, Sleep sleep) {
        return visitor.page()
                .locator("[data-testid=ribbon-day][data-date='" + wokeUp(sleep).toLocalDate() + "']");
    }

    private static OffsetDateTime wokeUp(Sleep sleep) {
        return sleep.span().end().atOffset(sleep.span().offset());
    }

    /** Waits until the day shows a value for the metric. */
    static void awaitValue(Visitor visitor, String metric, Duration patience) {
        assertThat(visitor.at("metric-" + metric))
                .not()
                .containsText(
                        "–", new LocatorAssertions.ContainsTextOptions().setTimeout((double) patience.toMillis()));
    }

    static void disconnect(Visitor visitor) {
        visitor.at("disconnect").click();
        visitor.at("dialog-confirm").click();
        assertThat(visitor.at("link-status")).hasAttribute("data-link-state", Pattern.compile("none|revoked"));
    }

    private static Page.LocatorOptions named(String name) {
        return new Page.LocatorOptions().setHasText(name);
    }
}
