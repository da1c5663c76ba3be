package io.vitals.whoop.records;

/** What came of reading stored documents again: how many there were, said something else now, or could not be read. */
public record Remapped(long read, long changed, long unreadable) {
    static final Remapped NONE = new Remapped(0, 0, 0);

    Remapped plus(Remapped more) {
        return new Remapped(read + more.read, changed + more.changed, unreadable + more.unreadable);
    }
}
