package io.vitals.runbooks.run;

import java.util.OptionalInt;

/**
 * What a step said.
 *
 * @param code how commands ended, or the status of an HTTP answer
 * @param rows of a query
 * @param number NaN if it is not one number
 */
record Answer(OptionalInt code, String out, String err, OptionalInt rows, double number) {
    static Answer rows(int rows, double number, String out) {
        return new Answer(OptionalInt.empty(), out, "", OptionalInt.of(rows), number);
    }
}
