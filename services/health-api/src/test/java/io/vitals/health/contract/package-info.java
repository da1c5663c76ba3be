/** The contract file as a judge of what the service says. */
@NullMarked
package io.vitals.health.contract;

import org.jspecify.annotations.NullMarked;
