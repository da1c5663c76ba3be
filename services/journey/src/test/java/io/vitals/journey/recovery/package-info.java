/** Backups that restore: an archive and base backups as production makes them, lost databases, and what is got back of them. */
@NullMarked
package io.vitals.journey.recovery;

import org.jspecify.annotations.NullMarked;
