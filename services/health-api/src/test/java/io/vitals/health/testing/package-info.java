/** What several tests of health-api share. */
@NullMarked
package io.vitals.health.testing;

import org.jspecify.annotations.NullMarked;
