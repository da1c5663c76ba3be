package io.vitals.kit.lifecycle;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The options given to a command: {@code --name value}, or {@code --flag} alone. */
public final class Options {
    /**
     * The options a command knows, without their dashes.
     *
     * @param valued those that are followed by a value
     * @param flags those that stand alone
     */
    public record Syntax(Set<String> valued, Set<String> flags) {
        /** A command without options. */
        public static final Syntax NONE = new Syntax(Set.of(), Set.of());

        public Syntax {
            valued = Set.copyOf(valued);
            flags = Set.copyOf(flags);
        }
    }

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();

    private Options() {}

    /**
     * Reads arguments.
     *
     * @throws UsageException for what the syntax does not know, for a missing value, and for an option given twice
     */
    public static Options parse(Syntax syntax, List<String> arguments) throws UsageException {
        Options options = new Options();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String name = rest.next();
            String bare = name.startsWith("--") ? name.substring(2) : "";
            boolean fresh;
            if (syntax.flags().contains(bare)) {
                fresh = options.flags.add(bare);
            } else if (syntax.valued().contains(bare)) {
                if (!rest.hasNext()) {
                    throw new UsageException(name + " lacks its value");
                }
                fresh = options.values.put(bare, rest.next()) == null;
            } else {
                throw new UsageException("no such option");
            }
            if (!fresh) {
                throw new UsageException(name + " is given twice");
            }
        }
        return options;
    }

    /** The value of an option; empty if it was not given. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Whether a flag was given. */
    public boolean flag(String name) {
        return flags.contains(name);
    }
}
