package io.vitals.kit.config;

import java.util.List;

/** The configuration cannot be used. Names every fault by its key; never holds a value. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> faults;

    public ConfigException(List<String> faults) {
        super("configuration has " + faults.size() + (faults.size() == 1 ? " fault: " : " faults: ")
                + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    /** One line a fault, each starting with the key. */
    public List<String> faults() {
        return faults;
    }
}
