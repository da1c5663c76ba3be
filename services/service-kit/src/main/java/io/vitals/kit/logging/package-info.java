/** One JSON object a line, allow-listed fields, values masked by type. */
@NullMarked
package io.vitals.kit.logging;

import org.jspecify.annotations.NullMarked;
