package io.vitals.health.daily;

import java.time.LocalDate;

/** A stored day, ready to be sent. */
public final class DayDocument {
    private final LocalDate date;
    private final long version;
    private final byte[] json;

    DayDocument(LocalDate date, long version, byte[] json) {
        this.date = date;
        this.version = version;
        this.json = json;
    }

    public LocalDate date() {
        return date;
    }

    /** Grows with every change of the document; never used twice for one member and date. */
    public long version() {
        return version;
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
