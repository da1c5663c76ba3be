/** Inputs for parsers that tests make from those that are kept. */
@NullMarked
package io.vitals.sandbox.fuzz;

import org.jspecify.annotations.NullMarked;
