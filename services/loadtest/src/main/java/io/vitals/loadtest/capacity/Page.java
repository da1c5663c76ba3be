package io.vitals.loadtest.capacity;

import java.util.LinkedHashMap;
import java.util.Map;

/** docs/capacity.md: what people wrote stays, what stands between a mark and its end is what the model says. */
final class Page {
    private Page() {}

    /** The page with all that the model says of it written anew. */
    static String filled(String page, Inputs inputs) {
        var report = new Report(inputs);
        var parts = new LinkedHashMap<String, String>();
        parts.put("demand", report.demandTable());
        parts.put("quota", report.quotaTable());
        parts.put("rows", report.rowsTable());
        parts.put("needs", report.needsTable());
        parts.put("growth", report.growthTable());
        parts.put("figures", report.inputsTable());
        String filled = page;
        for (Map.Entry<String, String> part : parts.entrySet()) {
            filled = filled(filled, part.getKey(), part.getValue());
        }
        return filled;
    }

    private static String filled(String page, String part, String text) {
        String begin = "<!-- begin " + part + ": make capacity ARGS=page -->\n";
        String end = "<!-- end " + part + " -->";
        int from = page.indexOf(begin);
        int to = page.indexOf(end, from);
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("the page has no place for " + part);
        }
        return page.substring(0, from + begin.length()) + text + page.substring(to);
    }
}
