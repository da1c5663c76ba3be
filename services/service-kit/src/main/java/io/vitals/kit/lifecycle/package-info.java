/** Start, background work and graceful stop. */
@NullMarked
package io.vitals.kit.lifecycle;

import org.jspecify.annotations.NullMarked;
