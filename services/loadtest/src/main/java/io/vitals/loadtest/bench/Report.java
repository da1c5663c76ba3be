package io.vitals.loadtest.bench;

import java.io.PrintStream;

/** Prints figures as the rows of a Markdown table, each as soon as it is known. */
final class Report {
    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
        out.println("| What | Figure | Target |");
        out.println("|---|---|---|");
    }

    void row(String what, String figure) {
        row(what, figure, "");
    }

    /** A figure beside what it should be. */
    void row(String what, String figure, String target) {
        out.println("| " + what + " | " + figure + " | " + target + " |");
    }
}
