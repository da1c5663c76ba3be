/** The append-only log of who did what to whose data. */
@NullMarked
package io.vitals.kit.audit;

import org.jspecify.annotations.NullMarked;
