/** Spans that leave the processes. */
@NullMarked
package io.vitals.journey.tracing;

import org.jspecify.annotations.NullMarked;
