package io.vitals.journey.member;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Somebody who builds on Vitals: a key made on the page reads days, reasons and the copy, and ends when it is revoked there. */
@ExtendWith(RunningVitals.class)
class DeveloperJourneyTest {
    private static final int WHOOP_MEMBER = 2;
    private static final String NAME = "Running log";
    private static final Duration REVOKED_EVERYWHERE = Duration.ofSeconds(1);
    private static final String DAYS = "/api/v1/users/me/days";

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
    void aKeyReadsDaysReasonsAndTheCopyUntilItIsRevoked(Stack vitals) throws IOException {
        try (Visitor jonas = chromium.visitor(vitals.pageUrl().toString())) {
            Steps.signIn(jonas, "Jonas");
            Steps.connect(jonas, WHOOP_MEMBER);
            Steps.awaitDays(jonas);
            KeyCalls key = new KeyCalls(vitals, makeKey(jonas));

            JsonNode days = key.json(DAYS).get("days");
            assertThat(days).hasSizeGreaterThan(20);
            JsonNode scored = scored(days);
            String date = scored.get("date").textValue();
            JsonNode why = key.json(DAYS + "/" + date + "/explain").at("/metrics/recovery_score");
            assertThat(why.get("winner").textValue()).isEqualTo("whoop");
            assertThat(why.get("value").doubleValue())
                    .isEqualTo(scored.at("/metrics/recovery_score/value").doubleValue());
            assertThat(why.get("rule").textValue()).isNotBlank();
            pageGivesTheSameReason(jonas, date, why.get("rule").textValue());

            assertThat(key.json("/api/v1/users/me/export").toString()).contains(date);
            assertThat(tables(key.bytes("/api/v1/users/me/export?format=csv"))).anyMatch(name -> name.endsWith(".csv"));
            // Only what the key was made for.
            assertThat(key.status("POST", "/api/v1/users/me/refresh")).isEqualTo(403);
            assertThat(key.status("GET", "/api/v1/api-keys")).isEqualTo(403);

            everyLookIsListed(jonas, "The key “" + NAME + "”");

            jonas.at("key-revoke").click();
            jonas.at("dialog-confirm").click();
            assertThat(jonas.at("key")).hasCount(0);
            await().atMost(REVOKED_EVERYWHERE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> key.status("GET", DAYS) == 401);
            everyLookIsListed(jonas, "A key that is gone");
            Steps.disconnect(jonas);
            assertThat(jonas.complaints(401)).isEmpty();
        }
    }

    private static String makeKey(Visitor visitor) {
        visitor.at("keys-toggle").click();
        visitor.at("key-name").fill(NAME);
        visitor.at("key-scope-export").check();
        visitor.at("key-make").click();
        String value = visitor.at("key-value").innerText();
        visitor.at("key-done").click();
        assertThat(visitor.at("key")).containsText(NAME);
        return value;
    }

    private static JsonNode scored(JsonNode days) {
        for (JsonNode day : days) {
            if (day.at("/metrics/recovery_score/value").isNumber()) {
                return day;
            }
        }
        throw new AssertionError("no day has a recovery");
    }

    private static void pageGivesTheSameReason(Visitor visitor, String date, String rule) {
        Locator day = visitor.page().locator("[data-testid=ribbon-day][data-date='" + date + "']");
        if (day.count() > 0) {
            day.click();
        }
        visitor.at("metric-recovery_score").click();
        assertThat(visitor.at("why-rule")).hasText(rule);
        visitor.at("why-close").click();
    }

    private static List<String> tables(byte[] archive) throws IOException {
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    /** Under the name of the key while there is one, and still as a key's once it is gone. */
    private static void everyLookIsListed(Visitor visitor, String who) {
        visitor.at("accesses-toggle").click();
        for (String look :
                List.of(" looked at your days", " asked why values are as they are", " downloaded everything")) {
            assertThat(visitor.at("access")
                            .filter(new Locator.FilterOptions().setHasText(who + look))
                            .first())
                    .isVisible();
        }
        visitor.at("accesses-toggle").click();
    }
}
