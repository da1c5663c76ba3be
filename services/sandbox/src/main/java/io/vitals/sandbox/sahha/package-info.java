/** A Sahha that answers on the documented paths with the days of synthetic people, and fails on demand. */
@NullMarked
package io.vitals.sandbox.sahha;

import org.jspecify.annotations.NullMarked;
