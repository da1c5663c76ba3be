package io.vitals.health.daily;

import java.time.LocalDate;

/** A stored day, ready to be sent. */
public final class DayDocument {
    private final LocalDate date;
    private final long version;
    private final byte[] json;
    private final boolean isFinal;
    private final Freshness freshness;

    DayDocument(LocalDate date, long version, byte[] json, boolean isFinal, Freshness freshness) {
        this.date = date;
        this.version = version;
        this.json = json;
        this.isFinal = isFinal;
        this.freshness = freshness;
    }

    public LocalDate date() {
        return date;
    }

    /** Grows with every change of the document; never used twice for one member and date. */
    public long version() {
        return version;
    }

    /** Whether nothing of it is expected to change. */
    public boolean isFinal() {
        return isFinal;
    }

    public Freshness freshness() {
        return freshness;
    }

    /** The UTF-8 DailyRecord document, to be written as it is; not a copy. */
    public byte[] json() {
        return json;
    }

    /** Strong entity tag with its quotes. */
    public String etag() {
        return "\"d" + version + "\"";
    }
}
