/** All members together, for those who run Vitals: states, ages and counts, and nothing of what was measured. */
@NullMarked
package io.vitals.health.admin;

import org.jspecify.annotations.NullMarked;
