package io.vitals.loadtest;

import java.io.PrintStream;

/** Prints figures as the rows of a Markdown table, each as soon as it is known. */
final class Report {
    private final PrintStream out;

    Report(PrintStream out) {
        this.out = out;
        out.println("| What | Figure |");
        out.println("|---|---|");
    }

    void row(String what, String figure) {
        out.println("| " + what + " | " + figure + " |");
    }
}
