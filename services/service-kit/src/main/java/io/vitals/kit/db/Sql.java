package io.vitals.kit.db;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement and the name under which it appears in metrics and logs. Kept as a constant beside its repository, so its parameters are looked
 * up once and not at every run.
 */
public final class Sql {
    /** A parameter, or what may hold something that only looks like one. */
    private static final Pattern PARAMETER =
            Pattern.compile("'[^']*'|\"[^\"]*\"|--[^\\n]*|/\\*.*?\\*/|::|:([A-Za-z][A-Za-z0-9_]*)", Pattern.DOTALL);

    private final String name;
    private final String text;
    private final String positional;
    private final List<String> parameters = new ArrayList<>();
    /** Put together once and not at every run. */
    private final Map<String, String> between = new ConcurrentHashMap<>();

    /**
     * A statement.
     *
     * @param name kebab-case, unique in its service
     * @param text with {@code :name} parameters; casts are written {@code CAST(:x AS jsonb)}
     */
    public Sql(String name, String text) {
        this.name = name;
        this.text = text;
        this.positional = PARAMETER.matcher(text).replaceAll(match -> {
            if (match.group(1) == null) {
                return Matcher.quoteReplacement(match.group());
            }
            parameters.add(match.group(1));
            return "?";
        });
    }

    public static Sql named(String name, String text) {
        return new Sql(name, text);
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /** The text as JDBC takes it, with a question mark for each use of a parameter. */
    String positional() {
        return positional;
    }

    /** The same between {@code before} and {@code after}. */
    String positional(String before, String after) {
        String key = before + after;
        String text = between.get(key);
        return text != null ? text : between.computeIfAbsent(key, _ -> before + positional + after);
    }

    /** The values for the question marks. */
    List<@Nullable Object> arguments(Params params) {
        return arguments(List.of(), params);
    }

    /** The same, with values for question marks that come before. */
    List<@Nullable Object> arguments(List<?> before, Params params) {
        List<@Nullable Object> arguments = new ArrayList<>(before.size() + parameters.size());
        arguments.addAll(before);
        for (String parameter : parameters) {
            if (!params.values().containsKey(parameter)) {
                throw new IllegalArgumentException(name + " needs a value for " + parameter);
            }
            arguments.add(params.values().get(parameter));
        }
        return arguments;
    }

    @Override
    public String toString() {
        return name;
    }
}
