package io.vitals.kit.config;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A value that may be used but never shown: its text form is a mask, so it cannot leak through a log or an error. */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself. Call it only where the value leaves for its destination. */
    public String reveal() {
        return value;
    }

    /** The UTF-8 bytes of the value, for keyed hashing. */
    public byte[] bytes() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
