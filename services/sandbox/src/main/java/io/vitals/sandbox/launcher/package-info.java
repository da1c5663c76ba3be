/** Starts the whole of Vitals on one machine, watches it, and stops it in order. */
@NullMarked
package io.vitals.sandbox.launcher;

import org.jspecify.annotations.NullMarked;
