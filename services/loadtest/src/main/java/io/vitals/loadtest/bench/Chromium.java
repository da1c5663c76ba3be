package io.vitals.loadtest.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import io.vitals.sandbox.launcher.Stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The machine's own browser. */
record Chromium(Playwright playwright, Browser browser) implements AutoCloseable {
    static Chromium start() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(Path.of("/usr/bin/chromium"))
                                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking"))));
    }

    /** Signs Mira in and connects her WHOOP unless another part of the run did, then waits for what her page shows. */
    static void connect(Page page, Stack stack, String shown) {
        page.navigate(stack.pageUrl().toString());
        page.getByTestId("sign-in").click();
        page.locator("button[value=mira]").click();
        page.waitForFunction("() => document.querySelector('[data-testid=consent-checkbox]')"
                + " || document.body.dataset.link === 'active'");
        if (!"active".equals(page.evaluate("() => document.body.dataset.link"))) {
            page.getByTestId("consent-checkbox").check();
            page.getByTestId("connect-whoop").click();
            page.locator("button[value=allow]").click();
        }
        page.waitForFunction("() => document.body.dataset.link === 'active'");
        page.getByTestId(shown).waitFor();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
