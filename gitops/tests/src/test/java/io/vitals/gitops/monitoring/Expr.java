package io.vitals.gitops.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What can be read off an expression without evaluating it; that it is one at all, promtool says. */
final class Expr {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern SELECTOR = Pattern.compile("\\{[^}]*}");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])");
    private static final Set<String> KEYWORDS =
            Set.of("and", "or", "unless", "bool", "offset", "by", "on", "Inf", "NaN", "e");
    private static final Pattern COMPARISON = Pattern.compile("(==|!=|<=|>=|<|>)\\s*(bool\\s+)?");
    private static final Pattern MATCHER = Pattern.compile("(?<=[{,]\\s{0,9}\\w{1,99}\\s{0,9})(=~|!~|!=|=)(?=\\s*\")");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\w.:])(\\d+(?:\\.\\d+)?)(?![\\w.:])");
    private static final Map<Character, Long> UNITS =
            Map.of('s', 1L, 'm', 60L, 'h', 3_600L, 'd', 86_400L, 'w', 604_800L);

    private Expr() {}

    /** The names of the metrics that it reads. */
    static Set<String> metrics(String expr) {
        var names = new TreeSet<String>();
        WORD.matcher(bare(expr).replaceAll("\\boffset\\s+\\w+", " "))
                .results()
                .map(MatchResult::group)
                .filter(word -> !KEYWORDS.contains(word))
                .forEach(names::add);
        return names;
    }

    /** Without strings, selectors, ranges and groupings, each of the same length as before: places stay what they are. */
    static String bare(String expr) {
        String text = expr;
        for (Pattern pattern : List.of(STRING, SELECTOR, RANGE, GROUPING)) {
            text = pattern.matcher(text)
                    .replaceAll(match -> " ".repeat(match.group().length()));
        }
        return text;
    }

    /** Where it compares. */
    static List<MatchResult> comparisons(String expr) {
        return COMPARISON.matcher(bare(expr)).results().toList();
    }

    /** Where it picks series by a label. */
    static List<MatchResult> matchers(String expr) {
        return MATCHER.matcher(expr).results().toList();
    }

    /** The numbers in it that are no arguments of functions and no ranges: thresholds and what they are made of. */
    static List<MatchResult> numbers(String expr) {
        String text = bare(expr).replaceAll("(?<=\\boffset)\\s+\\w+", " ");
        var found = new ArrayList<MatchResult>();
        for (MatchResult comparison : comparisons(expr)) {
            // The first number behind it, if nothing else stands between.
            var number = NUMBER.matcher(bare(expr));
            if (number.find(comparison.end())
                    && text.substring(comparison.end(), Math.min(text.length(), number.start()))
                            .isBlank()) {
                found.add(number.toMatchResult());
            }
        }
        return found;
    }

    /** The ranges that it looks back over, in seconds. */
    static List<Long> ranges(String expr) {
        return RANGE.matcher(STRING.matcher(expr).replaceAll("\"\""))
                .results()
                .map(range -> seconds(range.group().substring(1).split("[:\\]]", 2)[0]))
                .toList();
    }

    /** A duration such as 1h30m. */
    static long seconds(String duration) {
        long sum = 0;
        var parts = Pattern.compile("(\\d+)([smhdw])").matcher(duration);
        while (parts.find()) {
            sum += Long.parseLong(parts.group(1))
                    * UNITS.getOrDefault(parts.group(2).charAt(0), 0L);
        }
        return sum;
    }
}
