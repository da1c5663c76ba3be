package io.vitals.health.keys;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

class KeyTextTest {
    /** As docs/api.md gives it to secret scanners. */
    private static final Pattern DOCUMENTED = Pattern.compile("vitals_[0-9A-Za-z]{49}");

    private final SecureRandom random = new SecureRandom();

    @Test
    void everyKeyHasTheDocumentedFormAndNoneComesTwice() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            String key = KeyText.make(random);
            assertThat(DOCUMENTED.matcher(key).matches()).isTrue();
            assertThat(KeyText.wellFormed(key)).isTrue();
            assertThat(seen.add(key)).isTrue();
        }
    }

    @Test
    void oneWrongCharacterAnywhereIsNoticed() {
        String key = KeyText.make(random);
        for (int i = 0; i < key.length(); i++) {
            char other = key.charAt(i) == '7' ? '8' : '7';
            String typo = key.substring(0, i) + other + key.substring(i + 1);
            assertThat(KeyText.wellFormed(typo)).as("at %s", i).isFalse();
        }
    }

    @Test
    void twoSwappedCharactersAreNoticed() {
        String key = KeyText.make(random);
        for (int i = KeyText.PREFIX.length(); i + 1 < key.length(); i++) {
            if (key.charAt(i) != key.charAt(i + 1)) {
                String swapped = key.substring(0, i) + key.charAt(i + 1) + key.charAt(i) + key.substring(i + 2);
                assertThat(KeyText.wellFormed(swapped)).as("at %s", i).isFalse();
            }
        }
    }

    @Test
    void whatIsNoKeyIsNone() {
        String key = KeyText.make(random);
        for (String text : new String[] {
            "",
            "vitals_",
            key.substring(1),
            key + "A",
            key.toUpperCase(java.util.Locale.ROOT),
            key.replace('_', '-'),
            "vitals_" + "é".repeat(49)
        }) {
            assertThat(KeyText.wellFormed(text)).isFalse();
        }
    }
}
