/** What health-api knows of WHOOP: a signed client of whoop-service and the shapes that it answers. */
@NullMarked
package io.vitals.health.whoop;

import org.jspecify.annotations.NullMarked;
