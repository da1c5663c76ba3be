/** What holds while processes are killed, replicas come and go, and the schema moves on under a running service. */
@NullMarked
package io.vitals.journey.chaos;

import org.jspecify.annotations.NullMarked;
