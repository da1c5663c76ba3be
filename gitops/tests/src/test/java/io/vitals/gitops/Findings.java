package io.vitals.gitops;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is wrong, a line each: where, which object, what. */
public final class Findings {
    private final List<String> lines = new ArrayList<>();

    /** All that a rule finds. */
    public static List<String> of(Rule rule, Tree tree) {
        var findings = new Findings();
        rule.judge(tree, findings);
        return findings.lines();
    }

    /** Notes something unless it holds. */
    public void require(boolean holds, Path where, String object, String message) {
        if (!holds) {
            lines.add(where + ": " + object + ": " + message);
        }
    }

    public void add(Path where, String message) {
        lines.add(where + ": " + message);
    }

    /** Notes what was found before. */
    public void add(String line) {
        lines.add(line);
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }
}
