package io.vitals.journey.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One headless browser for a test class. Playwright belongs to the thread that made it. */
public final class Chromium implements AutoCloseable {
    /** Long enough for the page's own slowest rhythm: it tries an absent server again every five seconds. */
    static final double PATIENCE_MS = 15_000;

    private static final List<String> QUIET = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static Chromium launch() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("vitals.chromium", "/usr/bin/chromium")))
                        .setArgs(QUIET));
        return new Chromium(playwright, browser);
    }

    /** A fresh person at a desk: own cookies, 1280 px, light. */
    public Visitor visitor(String origin) {
        return visitor(origin, 1280, ColorScheme.LIGHT);
    }

    public Visitor visitor(String origin, int width, ColorScheme scheme) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setBaseURL(origin)
                .setViewportSize(width, 800)
                .setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setAcceptDownloads(true));
        return new Visitor(context);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
