package io.vitals.whoop.records;

/** A field of a record that cannot be read. The message names the field and the fault, never the value. */
final class UnreadableField extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableField(String field, String fault) {
        super(field + " " + fault);
    }
}
