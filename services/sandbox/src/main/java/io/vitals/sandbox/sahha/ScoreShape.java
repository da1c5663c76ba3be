package io.vitals.sandbox.sahha;

/** The two forms in which Sahha's own pages show a score. */
public enum ScoreShape {
    /** Webhook and product page: {@code score} from 0 to 1 with ids and {@code scoreDateTime}. */
    FULL,
    /** Quick start: {@code value} from 0 to 100 with {@code createdAt} and nothing that identifies it. */
    QUICK_START
}
