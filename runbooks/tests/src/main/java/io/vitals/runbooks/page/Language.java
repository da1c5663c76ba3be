package io.vitals.runbooks.page;

import java.util.Optional;
import java.util.Set;

/** What a step is written in, and what it can not do without. */
public enum Language {
    SH,
    PROMQL,
    LOGQL,
    SQL,
    HTTP;

    /** Whether its answer has rows. */
    public boolean asks() {
        return this == PROMQL || this == LOGQL || this == SQL;
    }

    Set<Capability> implied() {
        return switch (this) {
            case SH -> Set.of();
            case PROMQL -> Set.of(Capability.PROMETHEUS);
            case LOGQL -> Set.of(Capability.LOKI);
            case SQL -> Set.of(Capability.POSTGRES);
            case HTTP -> Set.of(Capability.APP);
        };
    }

    static Optional<Language> find(String word) {
        return Words.find(Language.class, word);
    }
}
