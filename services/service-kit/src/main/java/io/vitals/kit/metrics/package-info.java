/** What meters have in common. */
@NullMarked
package io.vitals.kit.metrics;

import org.jspecify.annotations.NullMarked;
