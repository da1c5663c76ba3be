/** Faults and attacks against the packaged processes, over HTTP only. */
@NullMarked
package io.vitals.journey.process;

import org.jspecify.annotations.NullMarked;
