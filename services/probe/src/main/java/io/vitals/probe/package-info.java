/** Journeys through a running Vitals, walked as a member does and told as lines or metrics. */
@NullMarked
package io.vitals.probe;

import org.jspecify.annotations.NullMarked;
