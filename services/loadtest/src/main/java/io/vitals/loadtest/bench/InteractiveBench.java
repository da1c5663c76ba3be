package io.vitals.loadtest.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import io.vitals.sandbox.launcher.Stack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** From asking for the page until a signed-in, connected member sees their day in it and the browser is at rest enough to answer a click. */
final class InteractiveBench {
    private static final int LOADS = 15;
    private static final String SHOWN = "sleep";

    private final Stack stack;
    private final Report report;

    InteractiveBench(Stack stack, Report report) {
        this.stack = stack;
        this.report = report;
    }

    void run() {
        try (Chromium chromium = Chromium.start()) {
            Browser browser = chromium.browser();
            Page page = browser.newPage();
            Chromium.connect(page, stack, SHOWN);
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < LOADS; i++) {
                millis.add(load(page));
            }
            // The first ones fill the browser's and the service's caches.
            double first = millis.getFirst();
            Collections.sort(millis);
            report.row(
                    "page interactive on loopback, ms, first / median / max of " + LOADS,
                    "%.0f / %.0f / %.0f".formatted(first, millis.get(LOADS / 2), millis.getLast()),
                    "< 1000");
        }
    }

    /** By the browser's own clock, which begins with the navigation. */
    private double load(Page page) {
        page.navigate(stack.pageUrl().toString());
        page.getByTestId(SHOWN).waitFor();
        Object millis = page.evaluate("""
                () => new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))""");
        return ((Number) millis).doubleValue();
    }
}
