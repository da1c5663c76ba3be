/** Recurring work that is done once, however many replicas there are. */
@NullMarked
package io.vitals.kit.jobs;

import org.jspecify.annotations.NullMarked;
