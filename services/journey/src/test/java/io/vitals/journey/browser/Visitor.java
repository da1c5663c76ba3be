package io.vitals.journey.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** One person with one tab. Everything the browser complains about on the way is kept. */
public final class Visitor implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    Visitor(BrowserContext context) {
        this.context = context;
        context.setDefaultTimeout(Chromium.PATIENCE_MS);
        context.addInitScript("addEventListener('securitypolicyviolation', (event) => console.error("
                + "`content security policy: ${event.violatedDirective} ${event.blockedURI}`))");
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text() + " @ " + message.location());
            }
        });
        page.onPageError(error -> complaints.add("uncaught: " + error));
    }

    public Page page() {
        return page;
    }

    public Locator at(String testId) {
        return page.getByTestId(testId);
    }

    public void open(String path) {
        page.navigate(path);
        page.waitForFunction("() => document.body.dataset.phase && document.body.dataset.phase !== 'loading'");
    }

    /** Everything the browser complained about, but for the answers of a status the test provokes. */
    public List<String> complaints(int... expectedStatus) {
        Predicate<String> expected = text -> {
            for (int status : expectedStatus) {
                if (text.startsWith("Failed to load resource") && text.contains("status of " + status + " ")) {
                    return true;
                }
            }
            return false;
        };
        return complaints.stream().filter(expected.negate()).toList();
    }

    /** How far the page can be pushed sideways, in CSS pixels. */
    public int sidewaysScroll() {
        Object width =
                page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        return ((Number) width).intValue();
    }

    @Override
    public void close() {
        context.close();
    }
}
