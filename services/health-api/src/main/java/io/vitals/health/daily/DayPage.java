package io.vitals.health.daily;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;

/** A range of days, ready to be sent. */
public final class DayPage {
    private final byte[] json;
    private final String etag;
    private final int count;
    private final @Nullable LocalDate next;
    private final Freshness freshness;

    DayPage(byte[] json, String etag, int count, @Nullable LocalDate next, Freshness freshness) {
        this.json = json;
        this.etag = etag;
        this.count = count;
        this.next = next;
        this.freshness = freshness;
    }

    /** The UTF-8 text {@code {"days":[…],"next_cursor":…}}, to be written as it is; not a copy. */
    public byte[] json() {
        return json;
    }

    /** Strong entity tag with its quotes, over the dates and versions held. */
    public String etag() {
        return etag;
    }

    public Freshness freshness() {
        return freshness;
    }

    public int count() {
        return count;
    }

    /** The {@code from} that continues, the same as {@code next_cursor} in the text; null at the end. */
    public @Nullable LocalDate next() {
        return next;
    }
}
