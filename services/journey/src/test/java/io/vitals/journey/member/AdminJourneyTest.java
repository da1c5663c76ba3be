package io.vitals.journey.member;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import io.vitals.sandbox.member.Sleep;
import io.vitals.sandbox.whoop.WhoopControl;
import io.vitals.sandbox.whoop.WhoopEndpoint;
import io.vitals.sandbox.whoop.WhoopFault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Somebody who runs Vitals: sees how all members are, and brings back an event that was given up. A member sees nothing of it. */
@ExtendWith(RunningVitals.class)
class AdminJourneyTest {
    private static final int WHOOP_MEMBER = 2;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String[] ROUTES = {
        "/api/v1/admin/links",
        "/api/v1/admin/members?state=active",
        "/api/v1/admin/coverage",
        "/api/v1/admin/dead-letters",
        "/api/v1/admin/quota",
        "/api/v1/admin/audit"
    };

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
    void anAdminFindsADeadLetterAndBringsItBack(Stack vitals) {
        String origin = vitals.pageUrl().toString();
        try (Visitor jonas = chromium.visitor(origin);
                Visitor ada = chromium.visitor(origin)) {
            Steps.signIn(jonas, "Jonas");
            Steps.connect(jonas, WHOOP_MEMBER);
            Steps.awaitDays(jonas);
            aMemberIsRefused(jonas);

            Steps.signIn(ada, "Ada");
            assertThat(ada.at("admin")).isVisible();
            assertThat(ada.at("day")).hasCount(0);
            linksAreShown(ada);
            coverageIsShown(ada);
            assertThat(ada.at("quota-day")).hasAttribute("data-used", Pattern.compile("[1-9][0-9]*"));
            assertThat(ada.at("quota-day")).hasAttribute("data-limit", "100000");
            assertThat(ada.at("quota-lane")).hasCount(4);
            assertThat(ada.at("quota-capacity")).containsText("members");
            assertThat(ada.at("audit-service")).hasCount(2);
            for (String service : new String[] {"health-api", "whoop-service"}) {
                assertThat(ada.page().locator("[data-service='" + service + "']"))
                        .hasAttribute("data-state", Pattern.compile("sound|unknown"));
            }

            Sleep sleep = brokenDelivery(vitals, ada);
            replayAll(ada);
            Steps.awaitNight(jonas, sleep, SOON);

            assertThat(ada.sidewaysScroll()).isZero();
            ada.page().setViewportSize(360, 800);
            assertThat(ada.sidewaysScroll()).isZero();
            Steps.disconnect(jonas);
            assertThat(jonas.complaints(401, 403)).isEmpty();
            assertThat(ada.complaints(401)).isEmpty();
        }
    }

    @Test
    void anAuditorSeesTheAuditPartOnly(Stack vitals) {
        try (Visitor otto = chromium.visitor(vitals.pageUrl().toString())) {
            Steps.signIn(otto, "Otto");
            assertThat(otto.at("audit-service")).hasCount(2);
            assertThat(otto.at("admin-links")).hasCount(0);
            assertThat(otto.at("dead-letters")).hasCount(0);
            assertThat(status(otto, "/api/v1/admin/audit")).isEqualTo(200);
            assertThat(status(otto, "/api/v1/admin/links")).isEqualTo(403);
            assertThat(otto.complaints(401, 403)).isEmpty();
        }
    }

    private static void aMemberIsRefused(Visitor member) {
        assertThat(member.at("admin")).hasCount(0);
        assertThat(member.at("switch-view")).hasCount(0);
        for (String route : ROUTES) {
            assertThat(status(member, route)).as(route).isEqualTo(403);
        }
    }

    private static int status(Visitor visitor, String path) {
        return (int) visitor.page().evaluate("async (path) => (await fetch(path)).status", path);
    }

    private static void linksAreShown(Visitor admin) {
        Locator active = admin.page().locator("[data-testid=admin-state][data-state=active]");
        assertThat(active).hasAttribute("data-count", Pattern.compile("[1-9][0-9]*"));
        active.click();
        assertThat(active).hasAttribute("aria-pressed", "true");
        assertThat(admin.at("admin-member").first()).isVisible();
        admin.at("admin-member-days").first().click();
        assertThat(admin.at("member-heat")).isVisible();
        admin.at("member-days-close").click();
    }

    private static void coverageIsShown(Visitor admin) {
        assertThat(admin.at("admin-heat-cell")).hasCount(4 * 30);
        admin.at("coverage-days-90").check();
        assertThat(admin.at("admin-heat-cell")).hasCount(4 * 90);
        admin.at("coverage-state-missing").check();
        Locator last = admin.at("admin-heat-cell").nth(89);
        last.focus();
        assertThat(admin.at("admin-heat-said")).containsText("Sleep");
        admin.page().keyboard().press("ArrowDown");
        assertThat(admin.at("admin-heat-said")).containsText("Cycle");
    }

    /** WHOOP tells of a night and answers with something else when it is asked for it, until Vitals gives up. */
    private static Sleep brokenDelivery(Stack vitals, Visitor admin) {
        WhoopControl whoop = vitals.simulators().whoop().control();
        whoop.failFor(Set.of(WhoopEndpoint.SLEEP), Duration.ofMinutes(10), new WhoopFault.WrongShape());
        try {
            Sleep sleep = whoop.newSleep(WHOOP_MEMBER).sleep();
            awaitLetter(admin);
            return sleep;
        } finally {
            whoop.clearFaults();
        }
    }

    private static void awaitLetter(Visitor admin) {
        await().pollInSameThread().atMost(SOON).until(() -> {
            look(admin);
            return admin.at("dead-letter").count() > 0;
        });
        assertThat(admin.at("dead-letter").first()).containsText("unreadable");
    }

    private static void look(Visitor admin) {
        admin.page()
                .waitForResponse(
                        response -> response.url().contains("/admin/dead-letters"),
                        () -> admin.at("dead-letters-look").click());
    }

    private static void replayAll(Visitor admin) {
        Page page = admin.page();
        Locator first = admin.at("dead-letter").first();
        String id = String.valueOf(first.getAttribute("data-letter"));
        first.getByTestId("dead-letter-replay").click();
        admin.at("dialog-confirm").click();
        assertThat(page.locator("[data-letter='" + id + "']")).hasCount(0);
        // What else was given up meanwhile goes back as a range.
        if (admin.at("dead-letter").count() > 0) {
            admin.at("replay-from").fill("2020-01-01T00:00");
            admin.at("replay-to").fill("2099-01-01T00:00");
            admin.at("replay-range").click();
            admin.at("dialog-confirm").click();
        }
        assertThat(admin.at("no-dead-letters"))
                .isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout((double) SOON.toMillis()));
        look(admin);
        assertThat(admin.at("no-dead-letters")).isVisible();
    }
}
