/** Traces that go on where a queue lies between. */
@NullMarked
package io.vitals.kit.tracing;

import org.jspecify.annotations.NullMarked;
