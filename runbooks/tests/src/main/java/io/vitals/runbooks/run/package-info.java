/** Runs the steps of pages: for a person, and for a drill. */
@NullMarked
package io.vitals.runbooks.run;

import org.jspecify.annotations.NullMarked;
