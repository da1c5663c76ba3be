/** Backfill, polling and coverage. */
@NullMarked
package io.vitals.whoop.sync;

import org.jspecify.annotations.NullMarked;
