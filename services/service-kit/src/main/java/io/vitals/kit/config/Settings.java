package io.vitals.kit.config;

import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import io.helidon.config.yaml.YamlConfigParser;
import org.jspecify.annotations.Nullable;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a service's configuration into its record.
 *
 * <p>Sources, the later ones win: {@code application.yaml} on the class path, the YAML file named by {@code
 * VITALS_CONFIG}, environment variables {@code VITALS_<KEY>} (dots and dashes as underscores). A component of type
 * {@link Secret} named {@code x} is read from the file that key {@code x-file} names; its value is never accepted in
 * place.
 */
public final class Settings {
    private static final String PREFIX = "VITALS_";
    private static final String FILE_VARIABLE = "VITALS_CONFIG";

    private Settings() {}

    /**
     * Loads and validates.
     *
     * @param type a record; nested records are nested keys, component names become kebab-case keys
     * @param environment usually {@link System#getenv()}
     * @throws ConfigException naming all faults at once: unknown keys, wrong types, missing values and secrets
     */
    public static <C extends Record> C load(Class<C> type, Map<String, String> environment) {
        return load(type, defaults(), environment);
    }

    /**
     * Loads a part for a program that does not need the rest: what stands outside of it is neither read nor checked.
     *
     * @param type has components of the same names as the whole
     */
    public static <C extends Record> C part(Class<C> type, Map<String, String> environment) {
        return load(type, defaults(), environment, true);
    }

    /**
     * Reads a file that a program is given beside its configuration, by itself: neither defaults nor variables count.
     *
     * @throws ConfigException as {@link #load} does
     */
    public static <C extends Record> C file(Class<C> type, Path file) {
        List<String> faults = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        if (!Files.isReadable(file)) {
            throw new ConfigException(List.of(file + ": cannot be read"));
        }
        read(ConfigSources.file(file).parser(YamlConfigParser.create()).build(), values, faults, file.toString());
        @Nullable C bound = faults.isEmpty() ? new RecordBinder(values, faults).bind(type) : null;
        if (bound == null || !faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return bound;
    }

    private static @Nullable URL defaults() {
        return Settings.class.getClassLoader().getResource("application.yaml");
    }

    static <C extends Record> C load(Class<C> type, @Nullable URL defaults, Map<String, String> environment) {
        return load(type, defaults, environment, false);
    }

    static <C extends Record> C load(
            Class<C> type, @Nullable URL defaults, Map<String, String> environment, boolean part) {
        List<String> faults = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        if (defaults != null) {
            read(
                    ConfigSources.url(defaults)
                            .parser(YamlConfigParser.create())
                            .build(),
                    values,
                    faults,
                    "application.yaml");
        }
        String file = environment.get(FILE_VARIABLE);
        if (file != null && !file.isBlank()) {
            if (Files.isReadable(Path.of(file))) {
                read(ConfigSources.file(file).parser(YamlConfigParser.create()).build(), values, faults, FILE_VARIABLE);
            } else {
                faults.add(FILE_VARIABLE + ": names a file that cannot be read");
            }
        }
        List<String> keys = RecordBinder.keysOf(type);
        Map<String, String> variables = environment;
        if (part) {
            values.keySet().retainAll(keys);
            variables = new LinkedHashMap<>(environment);
            variables.keySet().retainAll(keys.stream().map(Settings::variableOf).toList());
        }
        RecordBinder binder = new RecordBinder(values, faults);
        overrideFromEnvironment(keys, variables, values, faults);
        @Nullable C bound = binder.bind(type);
        if (bound == null || !faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return bound;
    }

    /**
     * The reference table of a service's settings, for its documentation: key, kind and default, a row each.
     *
     * @param type the record that {@link #load} fills
     */
    public static String reference(Class<? extends Record> type) {
        Map<String, String> defaults = new LinkedHashMap<>();
        URL file = defaults();
        if (file != null) {
            read(ConfigSources.url(file).parser(YamlConfigParser.create()).build(), defaults, new ArrayList<>(), "");
        }
        StringBuilder table = new StringBuilder("| Key | Kind | Default |\n|---|---|---|\n");
        RecordBinder.describeAll(
                type,
                "",
                (key, kind) -> table.append("| `")
                        .append(key)
                        .append("` | ")
                        .append(kind)
                        .append(" | ")
                        .append(defaults.containsKey(key) ? "`" + defaults.get(key) + "`" : "")
                        .append(" |\n"));
        return table.toString();
    }

    private static void read(
            io.helidon.config.spi.ConfigSource source, Map<String, String> values, List<String> faults, String name) {
        try {
            Config config = Config.builder(() -> source)
                    .disableEnvironmentVariablesSource()
                    .disableSystemPropertiesSource()
                    .disableValueResolving()
                    .build();
            values.putAll(config.asMap().orElse(Map.of()));
        } catch (RuntimeException e) {
            // The parser's message may quote the text, and with it a value.
            faults.add(name + ": is not valid YAML");
        }
    }

    private static void overrideFromEnvironment(
            List<String> keys, Map<String, String> environment, Map<String, String> values, List<String> faults) {
        Map<String, String> keyOfVariable = new LinkedHashMap<>();
        for (String key : keys) {
            keyOfVariable.put(variableOf(key), key);
        }
        environment.forEach((variable, value) -> {
            if (!variable.startsWith(PREFIX) || variable.equals(FILE_VARIABLE)) {
                return;
            }
            String key = keyOfVariable.get(variable);
            if (key == null) {
                faults.add(variable + ": no such setting");
            } else {
                values.keySet().removeIf(existing -> existing.startsWith(key + "."));
                values.put(key, value);
            }
        });
    }

    static String variableOf(String key) {
        return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    }
}
