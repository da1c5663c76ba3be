package io.vitals.runbooks.page;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Makes a step of a fence, and refuses keys that are unknown or contradict each other. */
final class StepReader {
    static final List<String> KEYS = List.of(
            "id",
            "phase",
            "when",
            "only",
            "risk",
            "confirm",
            "timeout",
            "retry",
            "set",
            "expect.exit",
            "expect.stdout",
            "expect.num",
            "expect.rows",
            "needs",
            "env",
            "database");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,39}");
    /** By these a step could change what the programs of later steps are. */
    private static final Pattern RESERVED = Pattern.compile("PATH|HOME|ENV|IFS|LANG|BASH.*|LD_.*|SHELLOPTS");

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Comparison SOME = new Comparison(">=", 1);

    private final Faults faults;
    private final int line;
    private final Map<String, String> keys;
    private int wrong;

    private StepReader(Faults faults, int line, Map<String, String> keys) {
        this.faults = faults;
        this.line = line;
        this.keys = keys;
    }

    static Optional<Step> read(Language language, int line, Map<String, String> keys, String text, Faults faults) {
        return new StepReader(faults, line, keys).read(language, text);
    }

    private Optional<Step> read(Language language, String text) {
        keys.keySet().stream()
                .filter(key -> !KEYS.contains(key))
                .forEach(key -> fault(key, "no such key; there are: " + String.join(", ", KEYS)));
        String id = value(
                        "id",
                        "is missing",
                        "takes small letters, digits and hyphens",
                        name -> Optional.of(name).filter(ID.asMatchPredicate()))
                .orElse("");
        Phase phase = value(
                        "phase",
                        "is missing",
                        "there are " + Words.all(Phase.class),
                        word -> Words.find(Phase.class, word))
                .orElse(Phase.DIAGNOSE);
        Risk risk = value("risk", "", "there are " + Words.all(Risk.class), word -> Words.find(Risk.class, word))
                .orElse(Risk.READ);
        boolean confirm = flag("confirm", "yes");
        boolean drillOnly = flag("only", "drill");
        Set<When> when = list("when", "there are " + Words.all(When.class), word -> Words.find(When.class, word));
        Duration timeout = value("timeout", "", "takes a time such as 30s", Durations::parse)
                .orElse(TIMEOUT);
        Retry retry = value("retry", "", "takes times and a delay such as 20x15s", Retry::parse)
                .orElse(Retry.NONE);
        Optional<String> set = value(
                "set", "", "takes the name of a variable such as POOL, which none of the shell's is", StepReader::name);
        Set<String> env = list("env", "takes names of variables such as SERVICE,ENVIRONMENT", StepReader::name);
        Set<Capability> needs = needs(language);
        Optional<String> database = value(
                "database",
                "",
                "there are health, whoop",
                word -> Optional.of(word).filter(Set.of("health", "whoop")::contains));
        Expectation expect = expectation(language, phase);
        if (text.isBlank()) {
            faults.line(line, "does nothing");
        }
        risks(phase, risk, confirm, drillOnly);
        if (!retry.equals(Retry.NONE) && (phase == Phase.INJECT || phase == Phase.MITIGATE)) {
            fault("retry", "what changes something is not done again by itself");
        }
        if (!when.isEmpty()
                && phase != Phase.DIAGNOSE
                && !(phase == Phase.ASSERT && when.equals(Set.of(When.BROKEN)))) {
            fault("when", "is for diagnose; the phase " + phase + " has its own time");
        }
        if (database.isPresent() && !needs.contains(Capability.POSTGRES)) {
            fault("database", "nothing asks one here: needs=postgres");
        }
        return wrong > 0
                ? Optional.empty()
                : Optional.of(new Step(
                        id,
                        phase,
                        language,
                        line,
                        when.isEmpty() ? EnumSet.of(When.BROKEN) : when,
                        drillOnly,
                        risk,
                        confirm,
                        timeout,
                        retry,
                        set,
                        expect,
                        needs,
                        List.copyOf(env),
                        database,
                        text));
    }

    private void risks(Phase phase, Risk risk, boolean confirm, boolean drillOnly) {
        if (risk != Risk.READ && !phase.changes()) {
            fault("risk", "the phase " + phase + " only looks, so it can not be " + risk);
        }
        if (phase == Phase.MITIGATE && risk == Risk.READ) {
            fault("risk", "mitigate changes something: risk=write or risk=destructive");
        }
        if (phase == Phase.MITIGATE && risk != Risk.READ && !confirm) {
            fault("confirm", "risk=" + risk + " is confirmed by a person: confirm=yes");
        }
        if (confirm && risk == Risk.READ) {
            fault("confirm", "what only reads asks nobody");
        }
        if ((phase == Phase.INJECT || phase == Phase.CLEANUP) && !drillOnly) {
            fault("only", "the phase " + phase + " is for drills alone: only=drill");
        }
    }

    private Set<Capability> needs(Language language) {
        Set<Capability> needs = EnumSet.noneOf(Capability.class);
        needs.addAll(
                list("needs", "there are " + Words.all(Capability.class), word -> Words.find(Capability.class, word)));
        needs.addAll(language.implied());
        return needs;
    }

    private Expectation expectation(Language language, Phase phase) {
        OptionalInt exit = value(
                        "expect.exit",
                        "",
                        "takes a code such as 0 or 404",
                        text -> text.matches("\\d{1,3}") ? Optional.of(Integer.valueOf(text)) : Optional.empty())
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
        Optional<Pattern> stdout = value("expect.stdout", "", "is no regular expression", StepReader::pattern);
        String numbers = "takes a comparison such as >=1, written expect.num=>=1 or expect.num==0";
        Optional<Comparison> num = value("expect.num", "", numbers, Comparison::parse);
        Optional<Comparison> rows = value("expect.rows", "", numbers.replace("num", "rows"), Comparison::parse);
        if (exit.isPresent() && language.asks()) {
            fault("expect.exit", "a query does not end with a code");
        }
        if (rows.isPresent() && !language.asks()) {
            fault("expect.rows", "only promql, logql and sql have rows");
        }
        if (num.isPresent() && language == Language.HTTP) {
            fault("expect.num", "an HTTP answer is no number; expect.exit takes its status");
        }
        if (num.isPresent() && rows.isPresent()) {
            fault("expect.rows", "contradicts expect.num, which is about one row");
        }
        boolean implied = language.asks() && phase.claims() && num.isEmpty() && stdout.isEmpty();
        return new Expectation(exit, stdout, num, rows.isEmpty() && implied ? Optional.of(SOME) : rows);
    }

    private static Optional<Pattern> pattern(String text) {
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> name(String text) {
        return Optional.of(text)
                .filter(VARIABLE.asMatchPredicate())
                .filter(RESERVED.asMatchPredicate().negate());
    }

    private boolean flag(String key, String only) {
        return value(
                        key,
                        "",
                        "takes " + only + " and nothing else",
                        word -> Optional.of(word).filter(only::equals))
                .isPresent();
    }

    private <T> Set<T> list(String key, String otherwise, Function<String, Optional<T>> reader) {
        var all = new LinkedHashSet<T>();
        String text = keys.get(key);
        if (text != null) {
            for (String word : text.split(",", -1)) {
                Optional<T> read = reader.apply(word);
                if (read.isEmpty()) {
                    fault(key, "\"" + word + "\": " + otherwise);
                } else if (!all.add(read.get())) {
                    fault(key, "has " + word + " twice");
                }
            }
        }
        return all;
    }

    /**
     * A value.
     *
     * @param missing what is said when it is not there; empty when it need not be
     */
    private <T> Optional<T> value(String key, String missing, String otherwise, Function<String, Optional<T>> reader) {
        String text = keys.get(key);
        if (text == null) {
            if (!missing.isEmpty()) {
                fault(key, missing);
            }
            return Optional.empty();
        }
        Optional<T> read = reader.apply(text);
        if (read.isEmpty()) {
            fault(key, "\"" + text + "\": " + otherwise);
        }
        return read;
    }

    private void fault(String key, String message) {
        wrong++;
        faults.line(line, key, message);
    }
}
