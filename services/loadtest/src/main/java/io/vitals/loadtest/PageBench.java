package io.vitals.loadtest;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.vitals.sandbox.launcher.Stack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** From a new sleep at the simulator until a member's open page shows it: webhook, fetch, merge and live update. */
final class PageBench {
    private static final int SLEEPS = 10;
    /** Every new sleep brings a recovery of its own. */
    private static final String SHOWN = "sleep";

    private final Stack stack;
    private final Report report;

    PageBench(Stack stack, Report report) {
        this.stack = stack;
        this.report = report;
    }

    void run() {
        // Ten nights in a row are more than a member has, and a year's history is being fetched beside them.
        stack.simulators().whoop().control().quota(1_000, 100_000);
        try (Playwright playwright = Playwright.create(
                        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(
                                        List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")))) {
            Page page = browser.newPage();
            connect(page);
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < SLEEPS; i++) {
                seconds.add(sleepUntilShown(page));
            }
            Collections.sort(seconds);
            report.row(
                    "new sleep at the simulator to the member's page, s, median / max of " + SLEEPS,
                    "%.2f / %.2f".formatted(seconds.get(SLEEPS / 2), seconds.getLast()));
        }
    }

    private void connect(Page page) {
        page.navigate(stack.pageUrl().toString());
        page.getByTestId("sign-in").click();
        page.locator("button[value=mira]").click();
        page.getByTestId("consent-checkbox").check();
        page.getByTestId("connect-whoop").click();
        page.locator("button[value=allow]").click();
        page.waitForFunction("() => document.body.dataset.link === 'active'");
        page.getByTestId(SHOWN).waitFor();
    }

    private double sleepUntilShown(Page page) {
        long start = System.nanoTime();
        String night =
                stack.simulators().whoop().control().newSleep(1).sleep().id().toString();
        // By the record: two nights may have the same values.
        page.waitForFunction(
                "night => document.querySelector('[data-testid=" + SHOWN + "]')?.dataset.record === night", night);
        return (System.nanoTime() - start) / 1e9;
    }
}
