package io.vitals.loadtest.bench;

import com.microsoft.playwright.Page;
import io.vitals.sandbox.launcher.Stack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
        try (Chromium chromium = Chromium.start()) {
            Page page = chromium.browser().newPage();
            Chromium.connect(page, stack, SHOWN);
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
