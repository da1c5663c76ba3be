/** Limits on what callers may ask for. */
@NullMarked
package io.vitals.kit.limits;

import org.jspecify.annotations.NullMarked;
