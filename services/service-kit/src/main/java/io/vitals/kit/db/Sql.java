package io.vitals.kit.db;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    /** The values for the question marks. */
    List<@Nullable Object> arguments(Params params) {
        @Nullable Object[] arguments = new @Nullable Object[parameters.size()];
        for (int i = 0; i < arguments.length; i++) {
            String parameter = parameters.get(i);
            if (!params.values().containsKey(parameter)) {
                throw new IllegalArgumentException(name + " needs a value for " + parameter);
            }
            arguments[i] = params.values().get(parameter);
        }
        return Arrays.asList(arguments);
    }

    @Override
    public String toString() {
        return name;
    }
}
