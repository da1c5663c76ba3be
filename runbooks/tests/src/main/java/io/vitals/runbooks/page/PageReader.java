package io.vitals.runbooks.page;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes a page apart. */
final class PageReader {
    private static final String FRONT = "---";
    private static final String MARK = "rb";
    private static final Set<Phase> PROCEDURE = EnumSet.of(Phase.HEALTHY, Phase.DIAGNOSE, Phase.MITIGATE, Phase.VERIFY);
    private static final Pattern FENCE = Pattern.compile("(`{3,})\\s*(\\S*)\\s*(.*)");
    private static final Pattern HEADING = Pattern.compile("(#{1,6}) +(.+?) *#*");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)}");

    private final String name;
    private final Faults faults;
    private final List<Block> blocks = new ArrayList<>();
    private final StringBuilder prose = new StringBuilder();
    private int proseFrom;

    PageReader(String name) {
        this.name = name;
        this.faults = new Faults(name);
    }

    Page read(String text) {
        List<String> lines = text.lines().toList();
        int end = lines.isEmpty() || !lines.getFirst().equals(FRONT)
                ? -1
                : lines.subList(1, lines.size()).indexOf(FRONT);
        if (end < 0) {
            faults.line(1, "does not begin with front matter between two lines ---");
        }
        @Nullable
        FrontMatter about =
                end < 0 ? null : FrontMatterReader.read(name, String.join("\n", lines.subList(1, end + 1)), faults);
        body(lines, end + 2);
        title(end + 3);
        references();
        if (about instanceof ProcedureMatter) {
            phases();
        }
        faults.orThrow();
        if (about == null) {
            throw new IllegalStateException(name + ": neither read nor refused");
        }
        return new Page(name, about, blocks);
    }

    private void body(List<String> lines, int from) {
        for (int i = Math.max(from, 0); i < lines.size(); i++) {
            String line = lines.get(i);
            var fence = FENCE.matcher(line);
            var heading = HEADING.matcher(line);
            if (fence.matches()) {
                int close = closing(lines, i, fence.group(1));
                if (close < 0) {
                    faults.line(i + 1, "the fence is not closed");
                    break;
                }
                String text = String.join("\n", lines.subList(i + 1, close));
                if (!fence(i + 1, fence.toMatchResult(), text)) {
                    prose(i + 1, String.join("\n", lines.subList(i, close + 1)));
                }
                i = close;
            } else if (heading.matches()) {
                endProse();
                blocks.add(new Block.Heading(i + 1, heading.group(1).length(), heading.group(2)));
            } else {
                prose(i + 1, line);
            }
        }
        endProse();
    }

    private static int closing(List<String> lines, int open, String ticks) {
        for (int i = open + 1; i < lines.size(); i++) {
            if (lines.get(i).startsWith(ticks) && lines.get(i).replace("`", "").isBlank()) {
                return i;
            }
        }
        return -1;
    }

    /** Whether it is one that can be run, or should be. */
    private boolean fence(int line, MatchResult open, String text) {
        String[] words = open.group(3).split("\\s+", 2);
        if (!words[0].equals(MARK)) {
            return false;
        }
        endProse();
        Optional<Language> language = Language.find(open.group(2));
        if (language.isEmpty()) {
            faults.line(line, open.group(2), "nothing runs that; there are " + Words.all(Language.class));
            return true;
        }
        Optional<Map<String, String>> pairs = InfoString.pairs(words.length > 1 ? words[1] : "", line, faults);
        pairs.flatMap(keys -> StepReader.read(language.get(), line, keys, text, faults))
                .ifPresent(blocks::add);
        return true;
    }

    private void prose(int line, String text) {
        if (prose.isEmpty()) {
            proseFrom = line;
        }
        prose.append(text).append('\n');
    }

    private void endProse() {
        String text = prose.toString().strip();
        if (!text.isEmpty()) {
            blocks.add(new Block.Prose(proseFrom, text));
        }
        prose.setLength(0);
    }

    private void title(int line) {
        List<Block.Heading> titles = blocks.stream()
                .filter(Block.Heading.class::isInstance)
                .map(Block.Heading.class::cast)
                .filter(heading -> heading.level() == 1)
                .toList();
        if (titles.size() != 1 || !titles.getFirst().text().equals(name)) {
            faults.line(line, "the one title of level 1 is the name of the page: # " + name);
        }
    }

    /** Nothing is broken by it, and so nothing can be true only while something is broken. */
    private void phases() {
        for (Block block : blocks) {
            if (block instanceof Step step && !PROCEDURE.contains(step.phase())) {
                faults.line(
                        step.line(),
                        "phase",
                        step.phase() + " is for pages of alerts; a procedure has "
                                + PROCEDURE.stream().map(Phase::toString).collect(Collectors.joining(", ")));
            }
        }
    }

    /** Between steps: names of their own, and variables that there are. */
    private void references() {
        var first = new HashMap<String, Integer>();
        Set<String> captured = new HashSet<>();
        for (Block block : blocks) {
            if (block instanceof Step step) {
                Integer before = first.putIfAbsent(step.id(), step.line());
                if (before != null) {
                    faults.line(step.line(), "id", step.id() + " is the step of line " + before + " already");
                }
                if (step.language() == Language.SQL
                        && VARIABLE.matcher(step.text()).find()) {
                    // A value is never to become a part of a statement.
                    faults.line(step.line(), "env", "a statement takes $1, the first name of env, and no ${…}");
                } else if (step.language() != Language.SH) {
                    VARIABLE.matcher(step.text())
                            .results()
                            .map(found -> found.group(1))
                            .filter(variable -> !step.env().contains(variable) && !captured.contains(variable))
                            .filter(variable -> step.needs().stream()
                                    .noneMatch(need -> need.brings().contains(variable)))
                            .forEach(variable -> faults.line(
                                    step.line(), "env", variable + " is neither named here nor set by a step before"));
                }
                step.set().ifPresent(captured::add);
            }
        }
    }
}
