package io.vitals.health.keys;

import io.vitals.health.testing.Parser;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What reads API keys. */
public final class KeyParsers {
    private KeyParsers() {}

    public static List<Parser> all() {
        return List.of(bytes -> {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (KeyText.wellFormed(text)) {
                KeyText.hint(text);
            }
            KeyText.hash(text);
        });
    }
}
