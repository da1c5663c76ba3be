package io.vitals.kit.config;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills records from flat keys, and collects every fault instead of stopping at the first. */
final class RecordBinder {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final String FILE_SUFFIX = "-file";

    private final Map<String, String> values;
    private final List<String> faults;
    private final Set<String> known = new LinkedHashSet<>();

    RecordBinder(Map<String, String> values, List<String> faults) {
        this.values = values;
        this.faults = faults;
    }

    <C extends Record> @Nullable C bind(Class<C> type) {
        @Nullable Object bound = record(type, "");
        for (String key : values.keySet()) {
            if (known.stream().noneMatch(k -> key.equals(k) || key.startsWith(k + "."))) {
                faults.add(key + ": no such setting");
            }
        }
        return type.cast(bound);
    }

    /** Every leaf key of a record, in order. */
    static List<String> keysOf(Class<?> type) {
        List<String> keys = new ArrayList<>();
        describeAll(type, "", (key, kind) -> keys.add(key));
        return keys;
    }

    private @Nullable Object record(Class<?> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] arguments = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        boolean complete = true;
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = component(components[i].getGenericType(), prefix + kebab(components[i].getName()));
            complete &= arguments[i] != null;
        }
        return complete ? construct(type, types, arguments, prefix) : null;
    }

    private @Nullable Object construct(Class<?> type, Class<?>[] types, @Nullable Object[] arguments, String prefix) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            // Compact constructors state their rule without the value.
            String where = prefix.isEmpty() ? type.getSimpleName() : prefix.substring(0, prefix.length() - 1);
            faults.add(where + ": "
                    + (e.getCause() == null ? "refused" : e.getCause().getMessage()));
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot construct " + type.getName(), e);
        }
    }

    private @Nullable Object component(Type generic, String key) {
        boolean optional = raw(generic) == Optional.class;
        Class<?> target = raw(innerType(generic));
        if (isNested(target)) {
            @Nullable Object nested = !optional || hasBelow(key) ? record(target, key + ".") : null;
            return optional ? Optional.ofNullable(nested) : nested;
        }
        String source = target == Secret.class ? key + FILE_SUFFIX : key;
        known.add(source);
        if (target == Secret.class && values.containsKey(key)) {
            known.add(key);
            faults.add(key + ": a secret is given as a file, by " + source);
            return null;
        }
        if (target == List.class) {
            return list(key);
        }
        String text = values.get(source);
        if (text == null || text.isBlank()) {
            if (optional) {
                return Optional.empty();
            }
            faults.add(source + ": is missing");
            return null;
        }
        @Nullable Object parsed = target == Secret.class ? secret(source, text) : scalar(target, source, text.strip());
        return optional ? Optional.ofNullable(parsed) : parsed;
    }

    private boolean hasBelow(String key) {
        return values.keySet().stream().anyMatch(k -> k.startsWith(key + "."));
    }

    private List<String> list(String key) {
        String whole = values.get(key);
        if (whole != null) {
            return Arrays.stream(whole.split(",", -1))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .toList();
        }
        return values.entrySet().stream()
                .filter(e -> e.getKey().matches(Pattern.quote(key) + "\\.\\d+"))
                .sorted(Comparator.comparingInt(e -> Integer.parseInt(e.getKey().substring(key.length() + 1))))
                .map(Map.Entry::getValue)
                .toList();
    }

    private @Nullable Secret secret(String key, String file) {
        try {
            String content = Files.readString(Path.of(file.strip())).strip();
            if (content.isEmpty()) {
                faults.add(key + ": names an empty file");
                return null;
            }
            return Secret.of(content);
        } catch (IOException | RuntimeException e) {
            faults.add(key + ": names a file that cannot be read");
            return null;
        }
    }

    private @Nullable Object scalar(Class<?> type, String key, String text) {
        try {
            return parse(type, text);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            faults.add(key + ": is not " + describe(type));
            return null;
        }
    }

    private static Object parse(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        } else if (type == int.class || type == Integer.class) {
            return Integer.valueOf(text);
        } else if (type == long.class || type == Long.class) {
            return Long.valueOf(text);
        } else if (type == double.class || type == Double.class) {
            return Double.valueOf(text);
        } else if (type == boolean.class || type == Boolean.class) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("boolean");
            }
            return Boolean.valueOf(text);
        } else if (type == Duration.class) {
            return duration(text);
        } else if (type == DataSize.class) {
            return DataSize.parse(text);
        } else if (type == URI.class) {
            URI uri = URI.create(text);
            if (!uri.isAbsolute()) {
                throw new IllegalArgumentException("URI");
            }
            return uri;
        } else if (type == Path.class) {
            return Path.of(text);
        } else if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .filter(c -> ((Enum<?>) c).name().replace('_', '-').equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(IllegalArgumentException::new);
        }
        throw new IllegalStateException("no reader for " + type.getName());
    }

    private static Duration duration(String text) {
        Matcher matcher = SHORT_DURATION.matcher(text);
        if (!matcher.matches()) {
            Duration parsed = Duration.parse(text);
            if (parsed.isNegative()) {
                throw new IllegalArgumentException("negative");
            }
            return parsed;
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** The components of a record as leaf settings: key and type. */
    static void describeAll(Class<?> type, String prefix, BiConsumer<String, String> each) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = prefix + kebab(component.getName());
            Class<?> target = raw(innerType(component.getGenericType()));
            if (target == Secret.class) {
                each.accept(key + FILE_SUFFIX, "file with the secret");
            } else if (isNested(target)) {
                describeAll(target, key + ".", each);
            } else {
                each.accept(key, nameOf(target));
            }
        }
    }

    private static String nameOf(Class<?> type) {
        if (type == Duration.class || type == URI.class || type == Path.class || type == List.class) {
            return type.getSimpleName().toLowerCase(Locale.ROOT);
        } else if (type == DataSize.class) {
            return "size";
        } else if (type.isEnum()) {
            return describe(type).substring("one of ".length());
        } else if (type == String.class) {
            return "text";
        }
        return type.isPrimitive() && type != boolean.class
                ? "number"
                : type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String describe(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as 10s or PT5M";
        } else if (type == DataSize.class) {
            return "a size such as 64KiB";
        } else if (type == URI.class) {
            return "an absolute URI";
        } else if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(c -> ((Enum<?>) c).name().replace('_', '-').toLowerCase(Locale.ROOT))
                            .toList();
        } else if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return "a valid " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static boolean isNested(Class<?> type) {
        return type.isRecord() && type != DataSize.class;
    }

    private static Type innerType(Type type) {
        return raw(type) == Optional.class ? ((ParameterizedType) type).getActualTypeArguments()[0] : type;
    }

    private static Class<?> raw(Type type) {
        return type instanceof ParameterizedType p ? (Class<?>) p.getRawType() : (Class<?>) type;
    }

    /** A trailing underscore makes a Java keyword a component: {@code public_} is the key {@code public}. */
    private static String kebab(String name) {
        String plain = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
        return plain.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
