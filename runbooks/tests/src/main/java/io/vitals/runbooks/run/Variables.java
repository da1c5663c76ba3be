package io.vitals.runbooks.run;

import io.vitals.runbooks.page.Capability;
import io.vitals.runbooks.page.Language;
import io.vitals.runbooks.page.Step;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What steps may read: what they name, what earlier ones captured, and what comes with what they need. */
final class Variables {
    /** Where programs are, and where they keep their own settings. */
    private static final List<String> ALWAYS = List.of("HOME", "PATH");

    private static final Pattern NAME = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)}");
    /** What can not end a string or begin another query. */
    private static final Pattern PLAIN = Pattern.compile("[\\w.:/@+-]*");

    private final Targets targets;
    private final Masker masker;
    private final Map<String, String> given = new HashMap<>();
    private final Map<String, String> captured = new HashMap<>();

    Variables(Targets targets, Masker masker) {
        this.targets = targets;
        this.masker = masker;
    }

    /** From a person. */
    void give(String name, String value) {
        given.put(name, value);
        masker.know(name, value);
    }

    /** From a step. */
    void capture(String name, String value) {
        captured.put(name, value);
        masker.know(name, value);
    }

    private Optional<String> value(String name) {
        return Stream.of(captured, given, targets.environment())
                .flatMap(source -> Optional.ofNullable(source.get(name)).stream())
                .peek(value -> masker.know(name, value))
                .findFirst();
    }

    /** Names of what a step reads and nobody has given. */
    List<String> missing(Step step) {
        var names = new TreeSet<>(step.env());
        if (step.language() == Language.SQL) {
            names.addAll(parameterNames(step));
        }
        if (step.language() != Language.SH) {
            NAME.matcher(step.text()).results().map(found -> found.group(1)).forEach(names::add);
        }
        names.removeAll(targets.apps().keySet());
        names.removeIf(name -> value(name).isPresent());
        return List.copyOf(names);
    }

    /** The names of a statement's parameters by their number; what has none is called by it. */
    private static List<String> parameterNames(Step step) {
        int highest = Sql.places(step.text()).stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
        var names = new ArrayList<String>();
        for (int i = 0; i < highest; i++) {
            names.add(i < step.env().size() ? step.env().get(i) : "$" + (i + 1));
        }
        return names;
    }

    List<String> parameters(Step step) {
        return parameterNames(step).stream().map(name -> value(name).orElse("")).toList();
    }

    /** Puts values into what is no shell. */
    String fill(Step step) throws StepFailure {
        var filled = new StringBuilder();
        Matcher matcher = NAME.matcher(step.text());
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = Optional.ofNullable(targets.apps().get(name))
                    .map(URI::toString)
                    .or(() -> value(name))
                    .orElseThrow(() -> new StepFailure(name + " is not set"));
            if (!PLAIN.matcher(value).matches()) {
                throw new StepFailure(
                        name + " holds more than letters, digits and .:/@+-_, which a query does not take");
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(filled).toString();
    }

    /** All that a step's shell gets. */
    Map<String, String> environment(Step step, Optional<String> database) {
        var all = new HashMap<String, String>();
        all.put("LANG", "C.UTF-8");
        take(all, ALWAYS);
        for (Capability need : step.needs()) {
            take(all, need.brings());
            switch (need) {
                case PROMETHEUS -> targets.prometheus().ifPresent(uri -> all.put("PROMETHEUS_URL", uri.toString()));
                case ALERTMANAGER ->
                    targets.alertmanager().ifPresent(uri -> all.put("ALERTMANAGER_URL", uri.toString()));
                case LOKI -> targets.loki().ifPresent(uri -> all.put("LOKI_URL", uri.toString()));
                case APP -> targets.apps().forEach((name, uri) -> all.put(name, uri.toString()));
                case POSTGRES -> database.map(targets.databases()::get).ifPresent(login -> postgres(all, login));
                case ARGOCD, KUBECTL -> {}
            }
        }
        all.putAll(captured);
        step.env().forEach(name -> value(name).ifPresent(value -> all.put(name, value)));
        return all;
    }

    private void take(Map<String, String> all, List<String> names) {
        names.forEach(name -> value(name).ifPresent(value -> all.put(name, value)));
    }

    /** As libpq wants it, which takes an address as a whole. */
    private static void postgres(Map<String, String> all, Login login) {
        all.put("DATABASE_URL", login.url().substring("jdbc:".length()));
        all.put("PGUSER", login.user());
        all.put("PGPASSWORD", login.password().reveal());
    }
}
