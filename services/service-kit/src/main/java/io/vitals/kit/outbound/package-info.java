/** The one way to call another server. */
@NullMarked
package io.vitals.kit.outbound;

import org.jspecify.annotations.NullMarked;
