package io.vitals.whoop.internal;

import io.vitals.whoop.support.Parser;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What reads the parameters of the internal API. */
public final class InputParsers {
    private InputParsers() {}

    public static List<Parser> all() {
        return List.of(
                bytes -> Input.uuid("member", new String(bytes, StandardCharsets.UTF_8)),
                bytes -> Input.binding(new String(bytes, StandardCharsets.UTF_8)));
    }
}
