package io.vitals.health;

import io.vitals.kit.crypto.Tokens;
import io.vitals.sandbox.leaks.SecretScanner;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What must be found nowhere, by kind: made up here, or learned from the service while it runs. */
final class Canaries {
    private final SecretScanner scanner = new SecretScanner();
    private final Map<String, String> kinds = new TreeMap<>();
    private final SecureRandom random = new SecureRandom();

    /** A fresh value of this kind. */
    String fresh(String kind) {
        String value = kinds.computeIfAbsent(kind, k -> "canary" + Tokens.random(random, 18));
        scanner.know(kind, value);
        return value;
    }

    /** One that exists already. */
    String learned(String kind, String value) {
        scanner.know(kind, value);
        kinds.put(kind, value);
        return value;
    }

    /** A health value like no other number. */
    void number(String kind, String text) {
        scanner.knowShort(kind, text);
        kinds.put(kind, text);
    }

    int count() {
        return kinds.size();
    }

    Collection<String> values() {
        return kinds.values();
    }

    /** The kinds that are in there. */
    Set<String> in(String text) {
        return scanner.find(text);
    }
}
