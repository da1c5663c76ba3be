/** Who keeps the incidents, as a process, and a real Alertmanager that tells it of them. */
@NullMarked
package io.vitals.journey.oncall;

import org.jspecify.annotations.NullMarked;
