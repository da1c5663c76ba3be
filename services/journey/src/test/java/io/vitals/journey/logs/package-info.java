/** What the services log, on its way through the configuration of Alloy into a real Loki. */
@NullMarked
package io.vitals.journey.logs;

import org.jspecify.annotations.NullMarked;
