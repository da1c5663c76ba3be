package io.vitals.probe;

import io.vitals.probe.browser.Browser;

import java.util.List;

/** What somebody does with Vitals, step by step. */
interface Journey {
    String name();

    /** Every step that there is, in order; each is a label of metrics. */
    List<String> steps();

    /** Takes the steps, in a browser that has been nowhere yet. */
    void walk(Walk walk, Browser browser);
}
