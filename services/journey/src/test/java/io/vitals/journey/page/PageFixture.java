package io.vitals.journey.page;

import com.microsoft.playwright.Locator;
import io.vitals.journey.browser.Chromium;
import io.vitals.journey.browser.Visitor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import java.io.IOException;
import java.time.ZoneId;

/** One browser for a class; for each test a fresh visitor before a fresh stub of the API. */
abstract class PageFixture {
    private static Chromium chromium;

    protected StubMember member;
    protected StubApi api;
    protected Visitor visitor;

    @BeforeAll
    static void launch() {
        chromium = Chromium.launch();
    }

    @AfterAll
    static void quit() {
        chromium.close();
    }

    @BeforeEach
    void start() throws IOException {
        member = new StubMember(ZoneId.systemDefault());
        api = new StubApi(member);
        visitor = chromium.visitor(api.origin());
    }

    @AfterEach
    void stop() throws IOException {
        visitor.close();
        api.cutStreams();
        api.close();
    }

    protected static Chromium chromium() {
        return chromium;
    }

    protected Locator within(String testId, String inner) {
        return visitor.at(testId).getByTestId(inner);
    }
}
