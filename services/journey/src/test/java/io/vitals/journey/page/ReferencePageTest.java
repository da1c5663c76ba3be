package io.vitals.journey.page;

import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import io.vitals.journey.stack.RunningVitals;
import io.vitals.sandbox.launcher.Stack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** What an application developer reads first. */
@ExtendWith(RunningVitals.class)
class ReferencePageTest {
    private static final Pattern OPERATION = Pattern.compile("(?m)^ {6}operationId: ");

    @Test
    void the_reference_shows_every_operation_under_the_strict_policy(Stack vitals)
            throws IOException, InterruptedException {
        long operations = OPERATION.matcher(contract(vitals)).results().count();
        assertThat(operations).isPositive();
        try (Chromium chromium = Chromium.launch();
                Visitor developer = chromium.visitor(vitals.pageUrl().toString())) {
            developer.open("/docs");
            assertThat(developer.page().locator(".opblock")).hasCount((int) operations);
            developer
                    .page()
                    .locator("#operations-days-day .opblock-summary-control")
                    .click();
            assertThat(developer.page().locator("#operations-days-day .responses-wrapper"))
                    .containsText("404");
            assertThat(developer.complaints()).isEmpty();
        }
    }

    private static String contract(Stack vitals) throws IOException, InterruptedException {
        URI uri = vitals.pageUrl().resolve("/openapi");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
