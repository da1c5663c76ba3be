/** Incidents: opened by a page, acknowledged by whoever answers, closed when the alerts are over; on disk before anything is answered. */
@NullMarked
package io.vitals.oncall;

import org.jspecify.annotations.NullMarked;
