/** Faults that real parts really have: whether the alert of each is told to the right person, alone, and taken back. */
@NullMarked
package io.vitals.journey.drill;

import org.jspecify.annotations.NullMarked;
